using System.Text;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using TheWidgets = Kontena.Standalone.Tests.Support.Widgets;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>
/// One of the writers: creates, updates, patches and deletes objects of its own and marks one that all share, one write after
/// the other, until the server is gone. Every write carries a mark of its own, so that its outcome can be told later.
/// </summary>
internal sealed class CrashWriter(int number, int seed, VersionLedger ledger)
{
    public const string Shared = "shared";

    private const string Hold = "example.test/hold";

    private readonly Random random = new(seed);
    private KillMoment? heard;
    private int marks;

    public IReadOnlyList<OwnedWidget> Widgets { get; } = [.. Enumerable.Range(0, 5).Select(i => new OwnedWidget($"w{number}-{i}"))];

    /// <summary>UIDs of objects whose deletion was acknowledged, or was found to have happened.</summary>
    public HashSet<string> Gone { get; } = new(StringComparer.Ordinal);

    /// <summary>Marks on the shared object that were acknowledged.</summary>
    public HashSet<int> SharedDone { get; } = [];

    /// <summary>Marks on the shared object whose answer never came.</summary>
    public HashSet<int> SharedUnknown { get; } = [];

    public string SharedLabel => $"writer-{number}";

    public int AcknowledgedWrites { get; private set; }

    public int UnknownWrites { get; private set; }

    /// <summary>Writes until the connection breaks. An answer that is not a success is a failure of the test: nothing here conflicts.</summary>
    public async Task RunAsync(HttpClient client, KillMoment moment)
    {
        heard = moment;
        try
        {
            while (true)
            {
                if (random.Next(5) == 0) await MarkSharedAsync(client);
                else await WriteAsync(client, Widgets[random.Next(Widgets.Count)]);
                AcknowledgedWrites++;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            UnknownWrites++;
        }
        catch (AssertionException e)
        {
            moment.Fail(e);
            throw;
        }
    }

    /// <summary>Judges what the next server holds, and goes on from there.</summary>
    public void Settle(IReadOnlyDictionary<string, JsonObject> found)
    {
        foreach (var widget in Widgets)
        {
            var before = widget.Known;
            if (!widget.Settle(found.GetValueOrDefault(widget.Name))) continue;
            if (widget.Known is null) Gone.Add(before!.Uid());
            else ledger.Happened(widget.Known);
        }
    }

    private async Task MarkSharedAsync(HttpClient client)
    {
        var mark = ++marks;
        SharedUnknown.Add(mark);
        var state = await SendAsync(client, HttpMethod.Patch, Shared, $$$$"""{"metadata":{"labels":{"{{{{SharedLabel}}}}":"{{{{mark}}}}"}}}""", "application/merge-patch+json");
        SharedUnknown.Remove(mark);
        SharedDone.Add(mark);
        ledger.Happened(state);
    }

    private Task WriteAsync(HttpClient client, OwnedWidget widget) => (widget.Known, random.Next(4)) switch
    {
        (null, _) => CreateAsync(client, widget),
        ({ } known, _) when known.IsDeleting() => ReleaseAsync(client, widget, known),
        ({ } known, 0) => PutAsync(client, widget, known),
        ({ } known, 1) => PutStatusAsync(client, widget, known),
        ({ } known, 2) => PatchAsync(client, widget, known),
        ({ } known, _) => DeleteAsync(client, widget, known),
    };

    private Task CreateAsync(HttpClient client, OwnedWidget widget)
    {
        var mark = NextMark();
        var finalizers = random.Next(3) == 0 ? $"\"finalizers\": [\"{Hold}\"], " : "";
        var body = TheWidgets.Text(widget.Name, "\"replicas\": 1", $$"""{{finalizers}}"annotations": {"mark": "{{mark}}"}""");
        return KeepAsync(client, widget, new UnknownWrite($"create {mark}", s => Mark(s) == mark), HttpMethod.Post, "", body, "application/json");
    }

    private Task PutAsync(HttpClient client, OwnedWidget widget, JsonObject known)
    {
        var (mark, wanted) = (NextMark(), known.Copy());
        wanted.Metadata()["annotations"] = new JsonObject { ["mark"] = mark };
        wanted["spec"]!["replicas"] = random.Next(100);
        return KeepAsync(client, widget, new UnknownWrite($"update {mark}", s => Mark(s) == mark && s?.Uid() == known.Uid()),
            HttpMethod.Put, widget.Name, wanted.ToJsonString(), "application/json");
    }

    private Task PutStatusAsync(HttpClient client, OwnedWidget widget, JsonObject known)
    {
        var (mark, wanted) = (NextMark(), known.Copy());
        wanted["status"] = new JsonObject { ["observedGeneration"] = 1, ["selector"] = mark };
        return KeepAsync(client, widget, new UnknownWrite($"status update {mark}", s => (s?["status"] as JsonObject).Text("selector") == mark && Mark(s) == Mark(known)),
            HttpMethod.Put, $"{widget.Name}/status", wanted.ToJsonString(), "application/json");
    }

    private Task PatchAsync(HttpClient client, OwnedWidget widget, JsonObject known)
    {
        var mark = NextMark();
        return KeepAsync(client, widget, new UnknownWrite($"patch {mark}", s => Mark(s) == mark && s?.Uid() == known.Uid()),
            HttpMethod.Patch, widget.Name, $$$$"""{"metadata":{"annotations":{"mark":"{{{{mark}}}}"}}}""", "application/merge-patch+json");
    }

    private async Task DeleteAsync(HttpClient client, OwnedWidget widget, JsonObject known)
    {
        var held = known.Finalizers().Count > 0;
        widget.Unknown = new UnknownWrite("delete", s => held ? s is not null && s.IsDeleting() && s.Uid() == known.Uid() : s is null);
        var answer = await SendAsync(client, HttpMethod.Delete, widget.Name, null, "application/json");
        if (held) ledger.Happened(answer);
        else Gone.Add(known.Uid());
        widget.Acknowledge(held ? answer : null);
    }

    private async Task ReleaseAsync(HttpClient client, OwnedWidget widget, JsonObject known)
    {
        widget.Unknown = new UnknownWrite("release of the finalizer", s => s is null);
        var body = $$"""[{"op":"test","path":"/metadata/finalizers/0","value":"{{Hold}}"},{"op":"remove","path":"/metadata/finalizers"}]""";
        ledger.Saw(await SendAsync(client, HttpMethod.Patch, widget.Name, body, "application/json-patch+json"));
        Gone.Add(known.Uid());
        widget.Acknowledge(null);
    }

    private async Task KeepAsync(HttpClient client, OwnedWidget widget, UnknownWrite write, HttpMethod method, string name, string body, string type)
    {
        widget.Unknown = write;
        var state = await SendAsync(client, method, name, body, type);
        ledger.Happened(state);
        widget.Acknowledge(state);
    }

    private async Task<JsonObject> SendAsync(HttpClient client, HttpMethod method, string name, string? body, string type)
    {
        using var request = new HttpRequestMessage(method, $"{TheWidgets.Path}/{name}".TrimEnd('/')) { Version = client.DefaultRequestVersion };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsByteArrayAsync();
        heard?.Hear(Told.Acknowledgement);
        if (!response.IsSuccessStatusCode) throw new AssertionException($"{method} {name} was refused: HTTP {(int)response.StatusCode} {Encoding.UTF8.GetString(text)}");
        return JsonText.ParseObject(text);
    }

    private string NextMark() => $"{number}-{++marks}";

    private static string? Mark(JsonObject? state) => (state?["metadata"]?["annotations"] as JsonObject).Text("mark");
}
