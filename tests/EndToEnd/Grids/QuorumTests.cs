using System.Collections.Concurrent;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Grids;

/// <summary>The initial members of a grid are its etcd: whatever is deleted, and how, a majority of them stays, by every sample that the Master took.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class QuorumTests(SceneEngine engine) : GridTests(engine)
{

    [Test]
    public async Task AllInitialMembersDeletedAtOnce_OneGoesAfterAnother_AndEachNumberIsFilledAgain()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 4);
        Load(scene);
        var members = await MembersAsync(scene);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(scene.Ct);
        var holders = new ConcurrentQueue<string?>();
        var following = await FollowSlotAsync(scene, holders, over.Token);

        await Task.WhenAll(members.Select(m => scene.Objects.DeleteNodeAsync(m.Metadata.Name!)));

        await AllReplacedAsync(scene, members);
        await scene.Waits.ReadyAsync("web", 4);
        await AssertWholeAsync(scene, members);
        await scene.Waits.UntilAsync(() => !holders.IsEmpty && holders.Last() is null, "the test's own watch has seen the slot given back");
        await over.CancelAsync();
        await following;
        Assert.That(holders.OfType<string>().Distinct(), Is.EquivalentTo(members.Select(m => m.Metadata.Name)), "each had the slot");
        Assert.That(holders.Zip(holders.Skip(1)).Where(pair => pair is { First: not null, Second: not null } && pair.First != pair.Second), Is.Empty, "it is given back before another has it");
    }

    /// <summary>The pool wants as many again: that all its nodes are going does not mean that the grid ends.</summary>
    [Test]
    public async Task EveryNodeOfTheGridDeletedAtOnce_WhileThePoolStays_OneGoesAfterAnother()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3);
        Load(scene);
        var members = await MembersAsync(scene);

        await Task.WhenAll(members.Select(m => scene.Objects.DeleteNodeAsync(m.Metadata.Name!)));

        await AllReplacedAsync(scene, members);
        await scene.Waits.ReadyAsync("web", 3);
        await AssertWholeAsync(scene, members);
    }

    [Test]
    public async Task EachInitialMemberReplaced_OneByOne_EachSuccessorHasItsNumber()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3);
        Load(scene);
        var members = await MembersAsync(scene);
        foreach (var member in members)
        {
            await scene.Objects.DeleteNodeAsync(member.Metadata.Name!);
            await ReplacedAsync(scene, member);
            await scene.Waits.ReadyAsync("web", 3);
            Assert.That((await MembersAsync(scene)).Select(n => n.Status!.NodeNumber), Is.EqualTo(new int?[] { 1, 2, 3 }));
        }
        await AssertWholeAsync(scene, members);
    }

    [Test]
    public async Task TwoMembersAway_TheThirdThatIsDeletedStays_UntilTheyAreBack()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 4);
        var members = await MembersAsync(scene);
        var away = members.Take(2).Select(scene.Grids.MachineOf).ToList();
        foreach (var machine in away) machine.Network = NetworkBlock.Refused;
        foreach (var member in members.Take(2)) await scene.Waits.NodeAsync(member.Metadata.Name!, "AgentOffline");
        await scene.Grids.UntilAsync(GridConditions.QuorumHealthy, "False", "QuorumLost");

        await scene.Objects.DeleteNodeAsync(members[2].Metadata.Name!);
        var (node, risk) = await NodeAsync(scene, "QuorumAtRisk", members[2].Metadata.Name!);

        Assert.That(ConditionOf(node, "Stalled").IsTrue);
        foreach (var member in members.Take(2)) Assert.That(risk.Message, Does.Contain($"{member.Spec.KontenaName} is offline"));
        await scene.Grids.PollsAsync(3);
        Assert.That(scene.Living, Has.Count.EqualTo(4), "it stays");
        foreach (var machine in away)
        {
            machine.Network = NetworkBlock.None;
            // The longer an agent was away, the longer it waits before its next try: begun anew, as by a person, it tries at once.
            machine.ExitAgent();
        }
        foreach (var member in members.Take(2)) await scene.Waits.NodeAsync(member.Metadata.Name!, "Online");
        await AllReplacedAsync(scene, [members[2]]);
        await ReplacedAsync(scene, members[2]);
        await scene.Waits.ReadyAsync("web", 4);
        await scene.Grids.UntilAsync(GridConditions.QuorumHealthy, "True");
        Assert.That(scene.Grids.Entries.Take(3).Select(e => e.Number), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That((await scene.Grids.FindAsync())!.Status!.Replacing, Is.Null);
    }

    [Test]
    public async Task MembersMachineIsLost_ItIsReplaced_AndItsNumberIsFilledAgain()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 4);
        Load(scene);
        var lost = (await MembersAsync(scene))[1];
        scene.Ec2.TerminateBehindTheBack(lost.Spec.ProviderID!.Split('/')[^1]);

        await ReplacedAsync(scene, lost);

        await scene.Waits.ReadyAsync("web", 4);
        await AssertWholeAsync(scene, [lost]);
        Assert.That(scene.Machines.Count(), Is.EqualTo(5));
    }

    [Test]
    public async Task ScaledToNothingAndBack_TheGridFormsAnew()
    {
        var scene = await PlayJoinedAsync(initialSize: 3, replicas: 3);
        await scene.Objects.ScaleAsync("web", 0);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 0, "all nodes go");
        Assert.That((scene.Living.Count, scene.Grids.Entries.Count), Is.EqualTo((0, 0)));

        await scene.Objects.ScaleAsync("web", 3);

        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Grids.Entries.Select(e => e.Number), Is.EqualTo(new[] { 1, 2, 3 }));
        await scene.Grids.UntilAsync(GridConditions.QuorumHealthy, "True");
    }

    [Test]
    public async Task PoolShrinks_InitialMembersStay()
    {
        var scene = await PlayGridAsync(initialSize: 3);
        await scene.Grids.PoolAsync("web", 5, s => s with { Removal = new RemovalSpec { Order = RemovalOrder.Oldest } });
        await scene.Waits.ReadyAsync("web", 5);
        var before = scene.Grids.Entries.Take(3).Select(e => e.Name).ToList();

        await scene.Objects.ScaleAsync("web", 3);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Count == 3, "two nodes go");

        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Grids.Entries.Select(e => e.Name), Is.EqualTo(before));
        AssertQuorumWasKept(scene);
    }

    private static async Task<IReadOnlyList<KontenaNode>> MembersAsync(OperatorScene scene) =>
        [.. (await scene.Objects.NodesAsync()).Where(n => n.Status!.InitialMember == true).OrderBy(n => n.Status!.NodeNumber)];

    /// <summary>Who has the slot, at every version of the Grid.</summary>
    private static async Task<Task> FollowSlotAsync(OperatorScene scene, ConcurrentQueue<string?> holders, CancellationToken ct)
    {
        var grids = new Followed<Grid>(scene.Api, KontenaKinds.Grids, scene.Namespace, TimeProvider.System) { Changed = (_, now) => holders.Enqueue(now?.Status?.Replacing?.Name) };
        await grids.BeginAsync(scene.Ct);
        return grids.RunAsync(ct);
    }

    /// <summary>Services that have to move whenever a node goes.</summary>
    private static void Load(OperatorScene scene)
    {
        foreach (var entry in scene.Grids.Entries)
            for (var number = 1; number <= 2; number++)
                scene.Grids.Kontena.PlaceContainer(GridName, entry.Name, $"shop/on-{entry.Number}", number);
    }

    private static Task AllReplacedAsync(OperatorScene scene, IReadOnlyList<KontenaNode> before) => scene.Waits.UntilAsync(
        async () => !(await scene.Objects.NodesAsync()).Any(n => before.Any(b => b.Metadata.Uid == n.Metadata.Uid)), "all are replaced");

    private static async Task AssertWholeAsync(OperatorScene scene, IReadOnlyList<KontenaNode> before)
    {
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That(scene.Grids.Entries.Take(3).Select(e => (e.Number, e.InitialMember)), Is.EqualTo(new[] { (1, true), (2, true), (3, true) }));
        Assert.That(scene.Grids.Entries.Select(e => e.Name).Intersect(before.Select(b => b.Spec.KontenaName)), Is.Empty);
        AssertQuorumWasKept(scene);
        Assert.That(scene.Grids.Kontena.Containers.Select(c => c.Running), Is.All.True, "the services run on");
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status is { Quorum: "3/3", Replacing: null }, "all members are healthy, and nobody holds the slot");
    }

    private static void AssertQuorumWasKept(OperatorScene scene)
    {
        var formed = scene.Grids.Kontena.Quorum.SkipWhile(q => q.Healthy < q.InitialSize).ToList();
        Assert.That(formed, Is.Not.Empty);
        Assert.That(formed.Where(q => !q.HasQuorum), Is.Empty, string.Join('\n', scene.Grids.Kontena.Nodes.SelectMany(n => n.Events.Select(e => (n.Name, n.Number, Event: e))).OrderBy(e => e.Event.At).Select(e => $"{e.Event.At:mm:ss.fff} {e.Number} {e.Name} {e.Event.Kind} {e.Event.Detail}")));
    }
}
