using System.Diagnostics.Metrics;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.EndToEnd.Identities;

/// <summary>
/// Two pools of one grid in which several ids cross: exactly these conflicts are found, whatever is replaced beside them; and once the newcomers
/// are replaced by machines with ids of their own, nobody is evicted or refused any more.
/// </summary>
public sealed class CrossingTests : IdentityTests
{
    /// <summary>Sixty machines, of which fourteen share five ids over the two pools.</summary>
    [Test]
    public Task SixtyMachines_FourteenShareFiveIds_ExactlyThese_AndReplacedTheStormIsOver() =>
        PlayAsync(Usual.Engine, good: 23, rolled: 10, [new("red", 2, 1), new("blue", 1, 2), new("green", 1, 2), new("amber", 2, 1), new("grey", 1, 1)]);

    /// <summary>The same on a real API server, smaller: what differs there is the server, and it does not count.</summary>
    [Test]
    public Task TwelveMachines_FiveShareTwoIds_OnARealApiServer() => PlayAsync(SceneEngine.Real, good: 4, rolled: 2, [new("red", 2, 1), new("blue", 1, 1)]);

    private async Task PlayAsync(SceneEngine engine, int good, int rolled, IReadOnlyList<Crossing> crossings)
    {
        using var counted = new Gauge();
        var scene = await PlayGridAsync(Impatient(images: [.. crossings.Select(c => c.Image)]) with { Engine = engine });
        var conflicts = await ConflictsAsync(scene, good, crossings);
        await AssertExactlyAsync(scene, conflicts);
        Assert.That(counted.Seen("DuplicateID", crossings.Count), "the metric counts them");

        await Task.WhenAll(RollAsync(scene, "one", rolled), RollAsync(scene, "two", rolled));

        await AssertExactlyAsync(scene, conflicts);
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.EquivalentTo(conflicts.SelectMany(c => c.Later).Select(n => n.Metadata.Name)), "nor was anybody else meanwhile");
        await StormAsync(scene, conflicts);
        await AssertExactlyAsync(scene, conflicts);

        foreach (var pool in new[] { "one", "two" }) await TurnAsync(scene, pool, Identity(IdentityMode.Pinned, ConflictAction.Replace));
        await AssertCuredAsync(scene, conflicts);
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.EquivalentTo(conflicts.SelectMany(c => c.Later).Select(n => n.Metadata.Name)), "nor of their successors");
    }

    /// <summary>All nodes in place, those of each image at the same time in both pools; who came in first is the Master's to say.</summary>
    private static async Task<IReadOnlyList<Conflict>> ConflictsAsync(OperatorScene scene, int good, IReadOnlyList<Crossing> crossings)
    {
        foreach (var pool in new[] { "one", "two" }) await scene.Grids.PoolAsync(pool, good, s => s.MadeOf(null));
        foreach (var pool in new[] { "one", "two" }) await ReadyAsync(scene, pool, good);
        var (one, two) = (good, good);
        foreach (var crossing in crossings)
        {
            (one, two) = (one + crossing.One, two + crossing.Two);
            await Task.WhenAll(scene.Objects.EditPoolAsync("one", CloneImages.Turn(crossing.Image, one)), scene.Objects.EditPoolAsync("two", CloneImages.Turn(crossing.Image, two)));
            await scene.Waits.UntilAsync(async () => await HasMachinesAsync(scene, "one", one) && await HasMachinesAsync(scene, "two", two), $"machines of {crossing.Image} are made");
        }
        // What comes later is of the good image again.
        await Task.WhenAll(scene.Objects.EditPoolAsync("one", CloneImages.Turn(null, one)), scene.Objects.EditPoolAsync("two", CloneImages.Turn(null, two)));
        await UntilBlamedAsync(scene, crossings.Sum(c => c.One + c.Two - 1));
        var nodes = await scene.Objects.NodesAsync();
        var conflicts = new List<Conflict>();
        foreach (var crossing in crossings)
        {
            var id = CloneImages.IdOf(crossing.Image);
            var first = await HolderAsync(scene, id);
            var clones = nodes.Where(n => n.Spec.Attempt!.Image == first.Spec.Attempt!.Image).ToList();
            Assert.That(clones, Has.Count.EqualTo(crossing.One + crossing.Two));
            conflicts.Add(new Conflict(id, first, [.. clones.Where(n => n.Metadata.Uid != first.Metadata.Uid)]));
        }
        return conflicts;
    }

    private static async Task<bool> HasMachinesAsync(OperatorScene scene, string pool, int count) =>
        (await scene.Objects.NodesAsync(pool)) is { } nodes && nodes.Count == count && nodes.All(n => n.Spec.ProviderID is not null);

    /// <summary>Those who came later are told whose id it is; who was first, and everybody else, is Ready.</summary>
    private static async Task AssertExactlyAsync(OperatorScene scene, IReadOnlyList<Conflict> conflicts)
    {
        var nodes = (await scene.Objects.NodesAsync()).ToDictionary(n => n.Metadata.Uid!);
        Assert.That(nodes.Values.Where(IsBlamed).Select(n => n.Metadata.Name), Is.EquivalentTo(conflicts.SelectMany(c => c.Later).Select(n => n.Metadata.Name)));
        foreach (var (id, first, later) in conflicts)
        {
            foreach (var clone in later)
            {
                var told = ConditionOf(nodes[clone.Metadata.Uid!], "IDUnique");
                Assert.That((told.Reason, Find(nodes[clone.Metadata.Uid!], "Ready")!.Reason), Is.EqualTo(("DuplicateID", "DuplicateID")));
                Assert.That(told.Message, Does.Contain($"the id {id}").And.Contain($"{scene.Namespace}/{first.Metadata.Name} had first"));
            }
            Assert.That(ConditionOf(nodes[first.Metadata.Uid!], "IDUnique"), Has.Property("Status").EqualTo("True").And.Property("Message").Contains("came later with the same one"));
            Assert.That(scene.Grids.Kontena.Rejected.Where(r => r.NodeId == id && r.Code == 4006).Select(r => r.NodeName), Is.Not.Empty.And.None.EqualTo(first.Spec.KontenaName), "who was first is never refused for its id");
        }
        foreach (var pool in new[] { "one", "two" })
        {
            // Who was first is chance: of a pool it may be all.
            var hasLater = conflicts.SelectMany(c => c.Later).Any(n => n.Spec.PoolName == pool);
            await scene.Waits.PoolAsync(pool, "NodeIDsUnique", "False", hasLater ? "DuplicateID" : IdStanding.SharedWithOthers);
        }
    }

    /// <summary>Good nodes are deleted one after another, each when the former's successor is Ready.</summary>
    private static async Task RollAsync(OperatorScene scene, string pool, int count)
    {
        var initial = scene.Grids.Entries.Where(e => e.InitialMember).Select(e => e.Name).ToHashSet();
        var good = (await scene.Objects.NodesAsync(pool)).Where(n => Find(n, "IDUnique")?.Message.Contains("No other", StringComparison.Ordinal) == true && !initial.Contains(n.Spec.KontenaName!)).Take(count).ToList();
        Assert.That(good, Has.Count.EqualTo(count));
        foreach (var node in good)
        {
            var ready = (await scene.Objects.NodesAsync(pool)).Count(IsReady);
            await scene.Objects.DeleteNodeAsync(node.Metadata.Name!);
            await scene.Waits.UntilAsync(async () =>
            {
                var nodes = await scene.Objects.NodesAsync(pool);
                return nodes.All(n => n.Metadata.Uid != node.Metadata.Uid) && nodes.Count(IsReady) == ready;
            }, $"node {node.Metadata.Name} is replaced");
        }
    }

    /// <summary>
    /// The operator's nodes have tokens of their own, so clones are refused (4006) and never evict anybody. What makes a storm is an image that brings
    /// the agent of the node along that it was made of, with that node's token: under one token and one id the two take the entry from each other.
    /// </summary>
    private static async Task StormAsync(OperatorScene scene, IReadOnlyList<Conflict> conflicts)
    {
        var since = scene.Time.GetUtcNow();
        foreach (var (_, first, later) in conflicts)
        {
            var machine = scene.Grids.MachineOf(later[0]);
            machine.WriteFile("/etc/systemd/system/old-agent.service", $"""
                [Unit]
                After=docker.service
                [Service]
                Restart=always
                RestartSec=5
                ExecStartPre=-/usr/bin/docker rm -f old-agent
                ExecStart=/usr/bin/docker run --name old-agent --net=host -v /var/run/docker.sock:/var/run/docker.sock -e KONTENA_URI={scene.Grids.Kontena.Url} -e KONTENA_NODE_TOKEN={scene.Grids.Kontena.NodeToken(GridName, first.Spec.KontenaName!)} -e KONTENA_NODE_NAME={first.Spec.KontenaName} -e KONTENA_PEER_INTERFACE=ens5 kontena/agent:1.5.4
                """);
            Assert.That(machine.Execute("systemctl", "daemon-reload") + machine.Execute("systemctl", "start", "old-agent.service"), Is.Zero);
        }
        foreach (var (id, _, _) in conflicts)
            await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Evictions(since, id) >= 6, $"{id} is taken from one another over and over");
    }

    private static async Task AssertCuredAsync(OperatorScene scene, IReadOnlyList<Conflict> conflicts)
    {
        await UntilBlamedAsync(scene, 0);
        var replicas = new Dictionary<string, int>();
        foreach (var pool in new[] { "one", "two" })
        {
            replicas[pool] = (await scene.Objects.PoolAsync(pool)).Spec.Replicas!.Value;
            await ReadyAsync(scene, pool, replicas[pool]);
            await scene.Waits.PoolAsync(pool, "NodeIDsUnique", "True", "Unique");
        }
        // What was on its way when the last clone ended is over with the next keepalive.
        await KeepalivesAsync(scene, 2);
        var since = scene.Time.GetUtcNow();
        await KeepalivesAsync(scene, 10);
        Assert.That((scene.Grids.Kontena.Evictions(since), scene.Grids.Kontena.Rejected.Count(r => r.At >= since)), Is.EqualTo((0, 0)), "evicted or refused");
        Assert.That(scene.Living, Has.Count.EqualTo(replicas.Values.Sum()));
        Assert.That(scene.Grids.Entries.Select(e => e.NodeId), Is.Unique.And.All.Not.Null);
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That((await scene.Objects.NodesAsync()).Select(n => n.Metadata.Uid), Is.SupersetOf(conflicts.Select(c => c.First.Metadata.Uid)), "who was first stays");
    }

    private static Task ReadyAsync(OperatorScene scene, string pool, int replicas) => scene.Waits.UntilAsync(async () =>
        await scene.Objects.PoolAsync(pool) is { Status: { } status } now && status.ObservedGeneration == now.Metadata.Generation && status.Replicas == replicas && status.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }),
        $"pool {pool} is Ready with {replicas}");

    /// <summary>An image, and how many machines of it each pool has.</summary>
    private sealed record Crossing(string Image, int One, int Two);

    private sealed record Conflict(string Id, KontenaNode First, IReadOnlyList<KontenaNode> Later);

    /// <summary>What the operators of this process measured. There is one instrument for all of them.</summary>
    private sealed class Gauge : IDisposable
    {
        private readonly HashSet<(string?, long)> seen = [];
        private readonly MeterListener listener = new() { InstrumentPublished = (i, l) => { if (i.Meter.Name == OrphanMetrics.MeterName && i.Name == "id.conflicts") l.EnableMeasurementEvents(i); } };

        public Gauge()
        {
            listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                foreach (var tag in tags)
                    if (tag.Key == "kind")
                        lock (seen) seen.Add((tag.Value as string, value));
            });
            listener.Start();
        }

        public bool Seen(string kind, long value)
        {
            lock (seen) return seen.Contains((kind, value));
        }

        public void Dispose() => listener.Dispose();
    }
}
