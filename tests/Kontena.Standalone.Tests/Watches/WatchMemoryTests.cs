using System.Globalization;
using System.Net;
using System.Text;
using Kontena.Standalone.Storage;
using Kontena.Standalone.Tests.Support;
using Kontena.Standalone.Watches;

namespace Kontena.Standalone.Tests.Watches;

/// <summary>What watches hold in memory: by count of live bytes after a collection, not by what the process was given.</summary>
[NonParallelizable]
public sealed class WatchMemoryTests
{
    private const long MiB = 1 << 20;

    [Test]
    public void After_ManyLargeChanges_KeepsSixteenMebibytesAndHandsOutSmallBatches()
    {
        var cache = new WatchCache(0);
        for (var version = 1; version <= 100; version++) cache.Publish([Change(version, (int)MiB)]);

        var held = 0L;
        IReadOnlyList<Change> batch;
        for (var at = 84L; (batch = cache.After(at, out _)!).Count > 0; at = batch[^1].Version)
        {
            Assert.That(batch, Has.Count.EqualTo(1), "one is more than a batch may weigh already");
            held += batch.Sum(c => (long)c.Size);
        }
        Assert.That((held, cache.After(83, out _)), Is.EqualTo((16 * MiB, (IReadOnlyList<Change>?)null)));
    }

    [Test]
    public void After_ManySmallChanges_HandsThemOutInBatchesWithoutAGap()
    {
        var cache = new WatchCache(0);
        cache.Publish([.. Enumerable.Range(1, 200).Select(version => Change(version, 10))]);

        var read = new List<long>();
        while (cache.After(read.LastOrDefault(), out _) is { Count: > 0 } batch)
        {
            Assert.That(batch, Has.Count.AtMost(64));
            read.AddRange(batch.Select(c => c.Version));
        }
        Assert.That(read, Is.EqualTo(Enumerable.Range(1, 200)));
    }

    [Test]
    public async Task Watches_ThatDoNotRead_HoldABatchEachWhateverTheyAreBehind()
    {
        const int Watchers = 24;
        await using var server = await TestServer.StartAsync();
        // One connection a watch: over HTTP/2 they would share one window, and stop together.
        using var client = server.NewClient(File.ReadAllText(Path.Combine(server.Folder, "token")), HttpVersion.Version11);
        var start = (await server.PostAsync("/api/v1/namespaces/default/configmaps", Large(round: 0))).Version;
        for (var round = 1; round <= 64; round++)
            Assert.That((await server.SendAsync(HttpMethod.Put, "/api/v1/namespaces/default/configmaps/large", Large(round))).Code, Is.EqualTo(200));
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var open = new List<HttpResponseMessage>();
        foreach (var query in Enumerable.Repeat(new[] { $"resourceVersion={start}", "labelSelector=%21none" }, Watchers / 2).SelectMany(q => q))
            open.Add(await client.GetAsync($"/api/v1/namespaces/default/configmaps?watch=true&{query}", HttpCompletionOption.ResponseHeadersRead));
        // One more change for all of them, so that each has had its turn.
        Assert.That((await server.SendAsync(HttpMethod.Put, "/api/v1/namespaces/default/configmaps/large", Large(round: 65))).Code, Is.EqualTo(200));
        var after = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var response in open) response.Dispose();

        Assert.That(after - before, Is.LessThan(Watchers * MiB), "a batch, a frame and the buffers of both ends for each");
    }

    private static Change Change(long version, int size) =>
        new(version, ChangeKind.Modified, new ObjectKey("configmaps", "default", "a"), new byte[size], null);

    /// <summary>128 KiB in many small fields: as a parsed document it weighs many times that.</summary>
    private static string Large(int round)
    {
        var data = new StringBuilder();
        for (var i = 0; i < 4_000; i++) data.Append(data.Length == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"\"key-{i:d5}\":\"value-{round:d6}-{i:d5}\"");
        return $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"large"},"data": { {{data}} } }""";
    }
}
