using System.Text;

namespace Kontena.Standalone.Certificates;

/// <summary>The kubeconfig that lets kubectl and the operator in. Every value is base64, hex or a URL, so no YAML needs quoting.</summary>
internal static class Kubeconfig
{
    public static string Render(Uri address, string caPem, string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: kontena-standalone
          cluster:
            server: {address.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(caPem))}
        users:
        - name: kontena-standalone
          user:
            token: {token}
        contexts:
        - name: kontena-standalone
          context:
            cluster: kontena-standalone
            user: kontena-standalone
            namespace: default
        current-context: kontena-standalone

        """;
}
