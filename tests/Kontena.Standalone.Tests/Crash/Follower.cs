using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>A watcher that lists once, at the very beginning, and then only ever resumes from the last version it saw.</summary>
internal sealed class Follower(long start, VersionLedger ledger)
{
    private readonly List<Seen> events = [];
    private long last = start;

    public IReadOnlyList<Seen> Events => events;

    public int Resumptions { get; private set; }

    /// <summary>Follows until the connection breaks, or until an event at or after <paramref name="target"/> was seen.</summary>
    public async Task RunAsync(HttpClient client, long target, KillMoment? moment = null)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Widgets.Path}?watch=true&resourceVersion={last}") { Version = client.DefaultRequestVersion };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode) throw new AssertionException($"The watch from {last} was refused: HTTP {(int)response.StatusCode}");
            Resumptions++;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
            while (last < target && await reader.ReadLineAsync() is { } line)
            {
                moment?.Hear(Told.Event);
                if (Frame(line) is { } frame) Take(frame);
                else if (await reader.ReadLineAsync() is not null) throw new AssertionException($"A watch sent a broken line in its midst: {line}");
            }
        }
        catch (AssertionException e)
        {
            moment?.Fail(e);
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server was killed; what came before is kept, and the next watch goes on from there.
        }
    }

    private void Take(JsonObject frame)
    {
        var (type, obj) = (frame.Text("type")!, (JsonObject)frame["object"]!);
        if (type is not ("ADDED" or "MODIFIED" or "DELETED")) throw new AssertionException($"A watch from {last} sent {frame.ToJsonString()}");
        var version = ledger.Saw(obj);
        if (version <= last) throw new AssertionException($"After version {last} a watch sent {version}: {frame.ToJsonString()}");
        last = version;
        events.Add(new Seen(version, type, obj));
    }

    /// <summary>Null for half a line, which a killed server may leave.</summary>
    private static JsonObject? Frame(string line)
    {
        try { return JsonText.ParseObject(Encoding.UTF8.GetBytes(line)); }
        catch (JsonException) { return null; }
    }
}

/// <summary>One event of a watch.</summary>
internal sealed record Seen(long Version, string Type, JsonObject Object)
{
    public string Line { get; } = $"{Version} {Type} {Object.ToJsonString()}";
}
