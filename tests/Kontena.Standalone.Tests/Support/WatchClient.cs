using System.Text;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;

namespace Kontena.Standalone.Tests.Support;

/// <summary>A watch read line by line, each with a deadline.</summary>
internal sealed class WatchClient(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public int Code => (int)response.StatusCode;

    public static async Task<WatchClient> OpenAsync(TestServer server, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = server.Client.DefaultRequestVersion };
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new WatchClient(response, new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8));
    }

    /// <summary>The next frame; null at the end of the stream.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        var line = await reader.ReadLineAsync(limit.Token);
        return line is null ? null : JsonText.ParseObject(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>The next frame as "TYPE name@version", or "end".</summary>
    public async Task<string> NextTextAsync()
    {
        var frame = await NextAsync();
        return frame is null ? "end" : $"{frame.Text("type")} {(frame["object"] as JsonObject)!.Name()}".Trim();
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
