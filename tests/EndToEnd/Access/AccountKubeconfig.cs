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
        return (admin with { Token = token }).KubeconfigText();
    }
}
