using System.Text;
using System.Text.Json.Nodes;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Access;

/// <summary>A kubeconfig with a token of a ServiceAccount, as the kubelet would mount one.</summary>
internal static class AccountKubeconfig
{
    private static readonly TimeSpan lifetime = TimeSpan.FromHours(2);

    /// <param name="admin">Who may ask for tokens; its server is where the token is good.</param>
    public static async Task<string> TextAsync(ClusterAccess admin, string ns, string account, CancellationToken ct)
    {
        using var http = new ApiHttp(admin);
        var request = new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = lifetime.TotalSeconds } };
        var answer = await http.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{ns}/serviceaccounts/{account}/token", request, "application/json", ct);
        var token = answer.Succeeded()["status"]!["token"]!.GetValue<string>();
        Canary.Register($"the token of {ns}/{account}", token);
        return Text(admin with { Token = token });
    }

    private static string Text(ClusterAccess access) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: test
          cluster:
            server: "{access.Server.GetLeftPart(UriPartial.Authority)}"
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(access.CertificateAuthority.ExportCertificatePem()))}
        users:
        - name: test
          user:
            token: "{access.Token}"
        contexts:
        - name: test
          context:
            cluster: test
            user: test
        current-context: test

        """;
}
