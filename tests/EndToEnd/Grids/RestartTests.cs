using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Nodes;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Grids;

/// <summary>An operator that is stopped or killed on the way, and the next one, which knows only what was written down.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class RestartTests(SceneEngine engine) : GridTests(engine)
{
    [TestCase(FaultKind.Hang)]
    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.Slow)]
    public async Task KilledWhileItRegisters_TheNextFindsItsEntries(FaultKind kind)
    {
        var scene = await PlayGridAsync(initialSize: 3);
        scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = kind, Action = "POST /v1/grids/:grid/nodes", Count = 2, Delay = kind == FaultKind.Slow ? TimeSpan.FromSeconds(0.4) * SceneGrids.UsualSpeed : default });
        await scene.Grids.PoolAsync("web", 4);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All[0].Struck > 0, "an entry is asked for");

        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 4);
        await AssertEntriesAreOfNodesAsync(scene);
        Assert.That(scene.Machines.Count(), Is.EqualTo(4));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task GoneWhileMachinesJoin_TheNextFollowsThem(bool killed)
    {
        var scene = await PlayGridAsync();
        var away = scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.Cut, Action = "WEBSOCKET /" });
        await scene.Grids.PoolAsync("web", 2);
        await scene.Waits.UntilAsync(async () => (await scene.Objects.NodesAsync()).Any(n => n.Status?.Conditions.Any(c => c is { Type: "Ready", Reason: NodeReasons.Joining }) == true), "a machine is to join");

        if (killed) await scene.Operator.CrashAsync();
        else await scene.Operator.StopAsync();
        scene.Ec2.Faults.Remove(away.Id);
        await scene.StartOperatorAsync();

        await scene.Waits.ReadyAsync("web", 2);
        Assert.That((scene.Machines.Count(), scene.Grids.Kontena.Nodes.Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task KilledDuringADrain_TheNextFinishesIt_AndGivesTheSlotBack()
    {
        var options = Usual.WithGrid(initialSize: 3);
        var scene = await PlayJoinedAsync(3, 4, options with { Master = options.Master! with { InstanceMoves = TimeSpan.FromSeconds(1) * SceneGrids.UsualSpeed } });
        var member = (await scene.Objects.NodesAsync()).Single(n => n.Status!.NodeNumber == 2);
        for (var number = 1; number <= 3; number++) scene.Grids.Kontena.PlaceContainer(GridName, member.Spec.KontenaName!, "shop/web", number);
        await scene.Objects.DeleteNodeAsync(member.Metadata.Name!);
        await scene.Waits.UntilAsync(() => scene.Grids.EntryOf(member).Availability == "drain", "services move");
        Assert.That((await scene.Grids.FindAsync())!.Status!.Replacing!.NodeUID, Is.EqualTo(member.Metadata.Uid));

        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();

        await ReplacedAsync(scene, member);
        await scene.Waits.ReadyAsync("web", 4);
        await scene.Waits.UntilAsync(async () => (await scene.Grids.FindAsync())!.Status!.Replacing is null, "the slot is given back");
        Assert.That(scene.Grids.Kontena.Containers.Select(c => c.Running), Is.All.True);
        Assert.That(scene.Grids.Kontena.Quorum.SkipWhile(q => q.Healthy < 3).Where(q => !q.HasQuorum), Is.Empty);
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task RestartOfASettledGrid_WritesNothing_AndAsksForNoNodeAlone()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 3);
        await scene.Grids.UntilAsync("QuorumHealthy", "True");
        await scene.RestartOperatorAsync();
        await scene.Waits.PoolAsync("web", "ProviderReady", "True");
        await scene.Grids.PollsAsync(4);
        await scene.Waits.ListingsAsync(4);

        // A pool and a Grid say for a moment that they have not looked yet.
        Assert.That(scene.Operator.Api.Writes.Where(w => !w.Contains(" nodepools ", StringComparison.Ordinal) && !w.Contains(" grids ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(scene.Grids.Entries.SelectMany(e => e.Events).Select(e => e.Kind), Has.None.EqualTo(NodeEventKind.Drained).And.None.EqualTo(NodeEventKind.Disconnected));
        Assert.That(scene.Machines.Count(), Is.EqualTo(3));
    }
}
