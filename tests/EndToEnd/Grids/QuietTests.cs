using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd.Grids;

/// <summary>A settled grid costs one listing a poll however many pools and nodes there are, and nothing is written.</summary>
public sealed class QuietTests : GridTests
{
    [Test]
    public async Task TwoPoolsOfTwenty_Settled_OneListingAPoll_HealthOfInitialMembersOnly_NoWrite()
    {
        // Slower than others: on a busy machine a late answer must not look like a wrong clock, which would be written down.
        var scene = await PlayGridAsync(Usual.WithGrid(initialSize: 3, speed: 2));
        await Task.WhenAll(scene.Grids.PoolAsync("one", 20), scene.Grids.PoolAsync("two", 20));
        foreach (var pool in new[] { "one", "two" }) await scene.Waits.UntilAsync(async () => await IsReadyAsync(scene, pool), $"pool {pool} is Ready");
        await SettledAsync(scene);
        var (before, writes, events, listings) = (scene.Grids.Kontena.Calls.Counts, scene.Operator.Api.Writes.Count, scene.Operator.Api.EventWrites, scene.Grids.Listings);
        var calls = scene.Grids.Kontena.Calls.Total;

        await scene.Grids.PollsAsync(8);

        var recent = scene.Grids.Kontena.Calls.Recent.TakeLast((int)(scene.Grids.Kontena.Calls.Total - calls)).ToList();
        var after = scene.Grids.Kontena.Calls.Counts.ToDictionary(c => c.Key, c => c.Value - before.GetValueOrDefault(c.Key));
        Assert.That(after["GET /v1/grids/:grid/nodes"], Is.InRange(8, 10), "one a poll, however many nodes");
        var health = recent.Where(c => c.Action == "GET /v1/nodes/:grid/:node/health").Select(c => c.Parameters["node"]).ToList();
        Assert.That(health.Distinct(), Is.SubsetOf(scene.Grids.Entries.Take(3).Select(e => e.Name)));
        Assert.That(health, Has.Count.LessThanOrEqualTo(after["GET /v1/grids/:grid/nodes"] + 2), "one a poll, in turn");
        Assert.That(health.GroupBy(n => n).Select(g => g.Count()).DefaultIfEmpty().Max(), Is.LessThanOrEqualTo(health.Count / 3 + 1));
        Assert.That(after.Where(c => c.Value > 0).Select(c => c.Key).Except(["GET /v1/grids/:grid/nodes", "GET /v1/nodes/:grid/:node/health", "GET /v1/grids/:grid", "GET /"]), Is.Empty, "nothing else is asked");
        Assert.That(scene.Operator.Api.Writes.Skip(writes), Is.Empty);
        Assert.That(scene.Operator.Api.EventWrites, Is.EqualTo(events));
        Assert.That(scene.Grids.Listings, Is.GreaterThan(listings));
    }

    private static async Task<bool> IsReadyAsync(OperatorScene scene, string pool) =>
        (await scene.Objects.PoolAsync(pool)).Status is { Replicas: 20 } status && status.Conditions.Any(c => c is { Type: "Ready", IsTrue: true });

    private static async Task SettledAsync(OperatorScene scene)
    {
        var before = -1;
        await scene.Waits.UntilAsync(async () =>
        {
            var now = scene.Operator.Api.Writes.Count + scene.Operator.Api.EventWrites;
            var same = now == before;
            before = now;
            await scene.Grids.PollsAsync(5);
            return same;
        }, "nothing is written over five polls");
    }
}
