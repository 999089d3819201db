using System.Text.Json.Nodes;
using Kontena.Standalone.Tests.Support;
using Kontena.TestKit;

namespace Kontena.Standalone.Tests.Api;

public sealed class ListAndWatchTests
{
    private const string TableAccept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    private TestServer server = null!;

    [SetUp]
    public async Task StartAsync() => server = await TestServer.StartAsync(o => o with { RetainedChanges = 20 });

    [TearDown]
    public Task StopAsync() => server.DisposeAsync().AsTask();

    [Test]
    public async Task List_Pages_SeeOneStateWhateverIsWrittenBetween()
    {
        foreach (var name in new[] { "a", "b", "c", "d" }) await server.CreateWidgetAsync(name);
        var first = await server.GetAsync($"{Widgets.Path}?limit=2");
        Assert.That((Names(first), first.At("metadata.remainingItemCount"), first.At("kind")), Is.EqualTo(("a b", "2", "\"WidgetList\"")));
        await server.DeleteAsync($"{Widgets.Path}/c");
        await server.CreateWidgetAsync("bb");
        await server.MergeAsync($"{Widgets.Path}/d", """{"spec":{"replicas":9}}""");
        await server.MergeAsync($"{Widgets.Path}/d", """{"spec":{"replicas":8}}""");
        var second = await server.GetAsync($"{Widgets.Path}?limit=2&continue={first.At("metadata.continue").Trim('"')}");
        Assert.That((Names(second), second.At("metadata.continue"), second.Version), Is.EqualTo(("c d", "\"\"", first.Version)));
        Assert.That(second.Body["items"]![1]!["spec"]!["replicas"]!.GetValue<long>(), Is.EqualTo(1), "as it was");
        Assert.That(Names(await server.GetAsync(Widgets.Path)), Is.EqualTo("a b bb d"));
        Assert.That(Names(await server.GetAsync($"{Widgets.Path}?resourceVersion={first.Version}&resourceVersionMatch=Exact")), Is.EqualTo("a b c d"));
    }

    [Test]
    public async Task List_ContinueOutOfTheLog_IsExpired()
    {
        await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");
        var first = await server.GetAsync($"{Widgets.Path}?limit=1");
        await WriteManyAsync();
        var second = await server.GetAsync($"{Widgets.Path}?limit=1&continue={first.At("metadata.continue").Trim('"')}");
        Assert.That((second.Code, second.Reason), Is.EqualTo((410, "Expired")));
        Assert.That((await server.GetAsync($"{Widgets.Path}?continue=nonsense")).Code, Is.EqualTo(400));
    }

    [TestCase("labelSelector=app%3Dx", "a b")]
    [TestCase("labelSelector=app!%3Dx", "c")]
    [TestCase("labelSelector=app in (x, y),!beta", "a")]
    [TestCase("labelSelector=beta&limit=1", "b")]
    [TestCase("fieldSelector=metadata.name%3Dc", "c")]
    [TestCase("fieldSelector=metadata.name!%3Dc,metadata.namespace%3Ddefault", "a b")]
    public async Task List_Selectors_Filter(string query, string names)
    {
        await server.CreateWidgetAsync("a", metadata: "\"labels\": {\"app\": \"x\"}");
        await server.CreateWidgetAsync("b", metadata: "\"labels\": {\"app\": \"x\", \"beta\": \"\"}");
        await server.CreateWidgetAsync("c");
        Assert.That(Names(await server.GetAsync($"{Widgets.Path}?{query}")), Is.EqualTo(names));
    }

    [TestCase("fieldSelector=spec.size%3Dsmall", 400, "field label not supported: spec.size")]
    [TestCase("resourceVersion=999999", 504, "Timeout: Too large resource version: 999999, current: 3")]
    [TestCase("watch=true&resourceVersion=999999", 504, "Timeout: Too large resource version: 999999, current: 3")]
    [TestCase("watch=true&sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]
    [TestCase("sendInitialEvents=true", 422, "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list")]
    public async Task List_BadParameters_AreRefused(string query, int code, string message)
    {
        var answer = await server.GetAsync($"{Widgets.Path}?{query}");
        Assert.That((answer.Code, answer.Message), Is.EqualTo((code, message)));
    }

    [Test]
    public async Task List_Table_HasColumnsCellsAndMetadata()
    {
        await server.CreateWidgetAsync("web", "\"size\": \"large\"");
        await server.MergeAsync($"{Widgets.Path}/web/status", """{"status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}""");
        var table = await server.GetAsync(Widgets.Path, TableAccept);
        Assert.That(table.At("kind"), Is.EqualTo("\"Table\""));
        Assert.That(table.Body["columnDefinitions"]!.AsArray().Select(c => $"{c!["name"]}:{c["type"]}:{c["priority"]}"),
            Is.EqualTo(new[] { "Name:string:0", "Desired:integer:0", "Ready:string:0", "Size:string:1", "Age:date:0" }));
        var row = table.Body["rows"]![0]!;
        Assert.That(row["cells"]!.ToJsonString(), Does.Match("""^\["web",null,"True","large","\d+s"\]$"""));
        Assert.That((string?)row["object"]!["kind"], Is.EqualTo("PartialObjectMetadata"));
        var full = await server.GetAsync($"{Widgets.Path}?includeObject=Object", TableAccept);
        Assert.That((string?)full.Body["rows"]![0]!["object"]!["kind"], Is.EqualTo("Widget"));
        Assert.That((await server.GetAsync(Widgets.Path, "application/yaml")).Code, Is.EqualTo(406));
        var partial = await server.GetAsync(Widgets.Path, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        Assert.That((partial.At("kind"), partial.Body["items"]![0]!["spec"]), Is.EqualTo(("\"PartialObjectMetadataList\"", (JsonNode?)null)));
    }

    [Test]
    public async Task Watch_FromAVersion_SeesEveryKindOfChange()
    {
        var start = (await server.CreateWidgetAsync("a")).Version;
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true&resourceVersion={start}");
        await server.CreateWidgetAsync("b");
        await server.MergeAsync($"{Widgets.Path}/b", """{"spec":{"replicas":2}}""");
        await server.DeleteAsync($"{Widgets.Path}/a");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED b"));
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("MODIFIED b"));
        var deleted = await watch.NextAsync();
        Assert.That((string?)deleted!["type"], Is.EqualTo("DELETED"));
        Assert.That(int.Parse((string)deleted["object"]!["metadata"]!["resourceVersion"]!, System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(int.Parse(start, System.Globalization.CultureInfo.InvariantCulture) + 3), "the deletion has a version of its own");
    }

    [TestCase("")]
    [TestCase("&resourceVersion=0")]
    public async Task Watch_WithoutAVersion_BeginsWithWhatExists(string version)
    {
        await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true{version}");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED a"));
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED b"));
        await server.CreateWidgetAsync("c");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED c"));
    }

    [Test]
    public async Task Watch_SendInitialEvents_EndsThemWithABookmark()
    {
        await server.CreateWidgetAsync("a");
        using var watch = await WatchClient.OpenAsync(server,
            $"{Widgets.Path}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED a"));
        var bookmark = await watch.NextAsync();
        Assert.That((string?)bookmark!["type"], Is.EqualTo("BOOKMARK"));
        Assert.That((string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"], Is.EqualTo("true"));
        Assert.That((string?)bookmark["object"]!["kind"], Is.EqualTo("Widget"));
    }

    [Test]
    public async Task Watch_Selector_LeavingIsDeletedEnteringIsAdded()
    {
        var start = (await server.CreateWidgetAsync("a", metadata: "\"labels\": {\"on\": \"yes\"}")).Version;
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true&resourceVersion={start}&labelSelector=on%3Dyes");
        await server.CreateWidgetAsync("unseen");
        var left = await server.MergeAsync($"{Widgets.Path}/a", """{"metadata":{"labels":{"on":"no"}}}""");
        await server.MergeAsync($"{Widgets.Path}/a", """{"spec":{"replicas":5}}""");
        await server.MergeAsync($"{Widgets.Path}/a", """{"metadata":{"labels":{"on":"yes"}}}""");
        var deleted = await watch.NextAsync();
        Assert.That(((string?)deleted!["type"], (string?)deleted["object"]!["metadata"]!["labels"]!["on"], (string?)deleted["object"]!["metadata"]!["resourceVersion"]),
            Is.EqualTo(("DELETED", "yes", left.Version)), "the last state that fitted, under the version at which it left");
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("ADDED a"));
    }

    [Test]
    public async Task Watch_Table_HasColumnsInTheFirstFrameOnly()
    {
        await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true", TableAccept);
        var (first, second) = (await watch.NextAsync(), await watch.NextAsync());
        Assert.That((string?)first!["object"]!["kind"], Is.EqualTo("Table"));
        Assert.That((first["object"]!["columnDefinitions"]!.AsArray().Count, second!["object"]!["columnDefinitions"]), Is.EqualTo((5, (JsonNode?)null)));
        Assert.That((string?)second["object"]!["rows"]![0]!["cells"]![0], Is.EqualTo("b"));
    }

    [Test]
    public async Task Watch_TooOldAVersion_IsExpired()
    {
        var start = (await server.CreateWidgetAsync("a")).Version;
        await WriteManyAsync();
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true&resourceVersion={start}");
        var frame = await watch.NextAsync();
        Assert.That(($"{frame!["type"]}", $"{frame["object"]!["code"]}", $"{frame["object"]!["reason"]}"), Is.EqualTo(("ERROR", "410", "Expired")));
        Assert.That($"{frame["object"]!["message"]}", Does.Match($@"^too old resource version: {start} \(\d+\)$"));
        Assert.That(await watch.NextAsync(), Is.Null, "The watch is over.");
    }

    [Test]
    public async Task Watch_ServerStops_EndsCleanly()
    {
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await server.Server.DisposeAsync();
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("end"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "a host that waits for its connections takes thirty");
    }

    [Test]
    public async Task Watch_Http11_StreamsToo()
    {
        using var client = server.NewClient(await File.ReadAllTextAsync(Path.Combine(server.Folder, "token")), System.Net.HttpVersion.Version11);
        using var response = await client.GetAsync($"{Widgets.Path}?watch=true", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await server.CreateWidgetAsync("a");
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("""{"type":"ADDED","object":{"""));
        Assert.That(response.Version, Is.EqualTo(System.Net.HttpVersion.Version11));
    }

    private static string Names(Answer list) => string.Join(' ', list.Body["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!));

    /// <summary>More writes than this server's log keeps.</summary>
    private async Task WriteManyAsync()
    {
        await server.CreateWidgetAsync("many");
        for (var i = 0; i < 45; i++) await server.MergeAsync($"{Widgets.Path}/many", $$$"""{"spec":{"replicas":{{{i}}}}}""");
    }
}

public sealed class WatchTimeTests
{
    [Test]
    public async Task Watch_AMinuteWithoutEvents_GetsABookmarkAndEndsAtItsTimeout()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(o => o with { Time = time });
        var start = (await server.CreateWidgetAsync("a")).Version;
        using var watch = await WatchClient.OpenAsync(server, $"{Widgets.Path}?watch=true&resourceVersion={start}&allowWatchBookmarks=true&timeoutSeconds=90");
        var opened = time.GetUtcNow();
        var other = await server.PostAsync("/api/v1/namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"blue"}}""");
        var next = watch.NextAsync();
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(next.IsCompleted);
        }, "a bookmark", TimeSpan.FromSeconds(20), CancellationToken.None);
        var bookmark = await next;
        Assert.That(((string?)bookmark!["type"], (string?)bookmark["object"]!["metadata"]!["resourceVersion"]), Is.EqualTo(("BOOKMARK", other.Version)),
            "it moves on with what the watch need not see");
        time.Advance(opened + TimeSpan.FromSeconds(88) - time.GetUtcNow());
        Assert.That((string?)(await watch.NextAsync())!["type"], Is.EqualTo("BOOKMARK"), "two seconds before the end, for the next watch to begin at");
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await watch.NextTextAsync(), Is.EqualTo("end"));
    }

    [Test]
    public async Task Events_AnHourOld_AreForgotten()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(o => o with { Time = time });
        const string Events = "/api/v1/namespaces/default/events";
        var created = await server.PostAsync(Events, """
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"involvedObject":{"namespace":"default","kind":"Widget","name":"a"},"reason":"R","type":"Normal"}
            """);
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        Assert.That((await server.GetAsync($"{Events}?fieldSelector=involvedObject.name%3Da,type%3DNormal,reason%3DR")).Body["items"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That((await server.GetAsync($"{Events}?fieldSelector=involvedObject.name%3Db")).Body["items"]!.AsArray(), Is.Empty);
        time.Advance(TimeSpan.FromMinutes(66));
        await Eventually.HoldsAsync(async () => (await server.GetAsync($"{Events}/e")).Code == 404, "the Event is gone", TimeSpan.FromSeconds(10), CancellationToken.None);
    }
}
