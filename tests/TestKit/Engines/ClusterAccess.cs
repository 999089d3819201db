using System.Security.Cryptography.X509Certificates;
using Kontena.Kubernetes.Schema;

namespace Kontena.TestKit.Engines;

/// <summary>How to reach a server: its address, who signed its certificate, and a bearer token. Tests only; never logged.</summary>
public sealed record ClusterAccess(Uri Server, X509Certificate2 CertificateAuthority, string Token)
{
    /// <summary>Reads the first cluster and the first user of a kubeconfig with inline CA and token.</summary>
    public static ClusterAccess Read(string kubeconfigPath)
    {
        var config = YamlDocuments.Read(File.ReadAllText(kubeconfigPath)).Single();
        var cluster = config["clusters"]![0]!["cluster"]!;
        var certificateText = Convert.FromBase64String(cluster["certificate-authority-data"]!.GetValue<string>());
        return new ClusterAccess(
            new Uri(cluster["server"]!.GetValue<string>()),
            X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(certificateText)),
            config["users"]![0]!["user"]!["token"]!.GetValue<string>());
    }

    /// <summary>A kubeconfig that says just this; whoever writes it keeps it from others.</summary>
    public string KubeconfigText() => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: test
          cluster:
            server: "{Server.GetLeftPart(UriPartial.Authority)}"
            certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(CertificateAuthority.ExportCertificatePem()))}
        users:
        - name: test
          user:
            token: "{Token}"
        contexts:
        - name: test
          context:
            cluster: test
            user: test
        current-context: test

        """;

    public override string ToString() => $"{Server} (token not shown)";
}
