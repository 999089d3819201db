using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>The old revisions that etcd keeps until it is told to forget them, which kube-apiserver does every five minutes only.</summary>
internal static class EtcdHistory
{
    /// <summary>Compacts up to the present revision, by etcd's JSON gateway: whoever lists at a version before it is told 410 from now on.</summary>
    public static async Task ForgetAsync(int port, CancellationToken ct)
    {
        using var etcd = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var any = await PostAsync("range", new JsonObject { ["key"] = Convert.ToBase64String([0]), ["limit"] = "1" });
        var revision = long.Parse(any["header"]!["revision"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        await PostAsync("compaction", new JsonObject { ["revision"] = revision.ToString(CultureInfo.InvariantCulture) });

        async Task<JsonNode> PostAsync(string call, JsonObject body)
        {
            using var answer = await etcd.PostAsJsonAsync($"/v3/kv/{call}", body, ct);
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonNode>(ct))!;
        }
    }
}
