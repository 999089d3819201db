using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Grids;

/// <summary>How a node leaves: its services move, its machine ends, its entry goes; in this order, by what the Master and the cloud remember.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class DrainTests(SceneEngine engine) : GridTests(engine)
{
    private static readonly string[] services = ["shop/web", "shop/api", "shop/db"];

    [Test]
    public async Task ScaledDown_ServicesMoveBeforeTheMachineEnds_AndTheEntryGoesLast()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 3);
        var leaving = await LatestAsync(scene);
        foreach (var service in services) scene.Grids.Kontena.PlaceContainer(GridName, leaving.Spec.KontenaName!, service);

        await scene.Objects.ScaleAsync("web", 2);
        await GoneAsync(scene, leaving.Metadata.Name!);

        var (drained, removed) = (Moment(scene, leaving, NodeEventKind.Drained), Moment(scene, leaving, NodeEventKind.Removed));
        var ended = EndOf(scene, leaving);
        Assert.That(ended - drained, Is.GreaterThanOrEqualTo(scene.Grids.Kontena.Options.InstanceMoves * services.Length), "three services moved first, one after another");
        Assert.That(removed, Is.GreaterThanOrEqualTo(scene.Machines.Single(m => m.Id == IdOf(leaving)).History.Single(h => h.To == InstanceState.Terminated).At), "the entry goes over a machine that is gone");
        Assert.That(scene.Grids.Kontena.Containers.Select(c => c.Service), Is.EquivalentTo(services));
        Assert.That(scene.Grids.Kontena.Containers.Select(c => (c.Running, scene.Grids.Entries.Any(e => e.Name == c.Node))), Is.All.EqualTo((true, true)));
        await scene.Waits.ReadyAsync("web", 2);
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task ServiceThatDoesNotMove_TheMachineEndsAtTheDeadline()
    {
        // The server's clock says when the deletion began: the operator's has to be the same.
        var options = Usual.WithGrid(speed: 1);
        var scene = await PlayGridAsync(options with { Master = options.Master! with { InstanceMoves = TimeSpan.FromHours(1) } });
        await scene.Grids.PoolAsync("web", 2, s => s with { Removal = new RemovalSpec { DrainTimeout = "4s" } });
        await scene.Waits.ReadyAsync("web", 2);
        var leaving = await LatestAsync(scene);
        scene.Grids.Kontena.PlaceContainer(GridName, leaving.Spec.KontenaName!, "shop/stuck");

        await scene.Objects.ScaleAsync("web", 1);
        var (_, draining) = await NodeAsync(scene, "Draining", leaving.Metadata.Name!);
        await GoneAsync(scene, leaving.Metadata.Name!);

        Assert.That(draining.Message, Does.Contain("1 container still").And.Contain("at the latest"));
        // The server's times have whole seconds.
        Assert.That(EndOf(scene, leaving) - Moment(scene, leaving, NodeEventKind.Drained), Is.GreaterThan(TimeSpan.FromSeconds(2.5)).And.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task MasterAwayDuringTheDeletion_TheMachineStaysAndTheNodeSaysWhy_AndBackItGoes()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        var leaving = await LatestAsync(scene);
        await scene.Grids.Kontena.StopAsync();
        await scene.Objects.DeleteNodeAsync(leaving.Metadata.Name!);

        var (_, waiting) = await NodeAsync(scene, "MasterUnreachable", leaving.Metadata.Name!);

        Assert.That(waiting.Message, Does.Contain($"kubectl annotate kn {leaving.Metadata.Name} {ApiGroup.AbandonNodeAnnotation}=true"));
        await scene.Waits.ListingsAsync(3);
        Assert.That(scene.Living, Has.Count.EqualTo(2));
        await scene.Grids.Kontena.StartAsync(Ct);
        await ReplacedAsync(scene, leaving);
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(EndOf(scene, leaving), Is.LessThan(Moment(scene, leaving, NodeEventKind.Removed)));
        await AssertEntriesAreOfNodesAsync(scene);
    }

    [Test]
    public async Task MasterGoneForGood_TheNodeThatIsGivenUpGoesWithoutIt()
    {
        var scene = await PlayJoinedAsync(initialSize: 1, replicas: 2);
        var leaving = await LatestAsync(scene);
        await scene.Grids.Kontena.StopAsync();
        await scene.Objects.ScaleAsync("web", 1);
        await NodeAsync(scene, "MasterUnreachable", leaving.Metadata.Name!);

        await scene.Objects.AnnotateNodeAsync(leaving.Metadata.Name!, ApiGroup.AbandonNodeAnnotation, "true");

        await GoneAsync(scene, leaving.Metadata.Name!);
        scene.Grids.Abandoned = true;
        Assert.That(scene.Living.Select(m => m.Id), Has.None.EqualTo(IdOf(leaving)));
        Assert.That(scene.Grids.Entries.Select(e => e.Name), Does.Contain(leaving.Spec.KontenaName), "nobody was there to take it away");
    }

    [Test]
    public async Task SomebodyElseHasTheName_NameTaken_NoMachineIsMade_AndItIsLeftAlone()
    {
        var scene = await PlayGridAsync();
        var refusing = scene.Ec2.Faults.Add(new Fault { Cloud = "kontena", Kind = FaultKind.ServerError, Action = "POST /v1/grids/:grid/nodes" });
        await scene.Grids.PoolAsync("web", 1);
        await scene.Waits.UntilAsync(() => scene.Ec2.Faults.All.Single().Struck > 0, "the entry is asked for");
        var before = (await scene.Objects.FindNodeAsync("web-0"))!;
        scene.Grids.AddForeign(KontenaName.Of("web-0", before.Metadata.Uid!));
        scene.Ec2.Faults.Remove(refusing.Id);

        var (node, taken) = await NodeAsync(scene, "NameTaken");

        Assert.That(taken.Message, Does.Contain("kontena node rm").And.Contain("delete this node"));
        Assert.That(ConditionOf(node, "Stalled").IsTrue);
        Assert.That(scene.Machines, Is.Empty);
        await scene.Objects.DeleteNodeAsync("web-0");
        await ReplacedAsync(scene, before);
        await scene.Waits.ReadyAsync("web", 1);
        Assert.That(scene.Grids.Entries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task DrainTimeoutEditedDuringTheDrain_TheNewOneCounts()
    {
        var options = Usual.WithGrid(speed: 1);
        var scene = await PlayGridAsync(options with { Master = options.Master! with { InstanceMoves = TimeSpan.FromHours(1) } });
        await scene.Grids.PoolAsync("web", 2);
        await scene.Waits.ReadyAsync("web", 2);
        var leaving = await LatestAsync(scene);
        scene.Grids.Kontena.PlaceContainer(GridName, leaving.Spec.KontenaName!, "shop/stuck");
        await scene.Objects.ScaleAsync("web", 1);
        await NodeAsync(scene, "Draining", leaving.Metadata.Name!);

        await scene.Objects.EditPoolAsync("web", new JsonObject { ["removal"] = new JsonObject { ["drainTimeout"] = "1s" } });

        await GoneAsync(scene, leaving.Metadata.Name!);
    }

    /// <summary>The one that goes when the pool shrinks: the newest, initial members left out.</summary>
    private static async Task<KontenaNode> LatestAsync(OperatorScene scene) =>
        (await scene.Objects.NodesAsync()).Where(n => n.Status!.InitialMember == false).MaxBy(n => (n.Metadata.CreationTimestamp, n.Spec.Ordinal))!;

    private static string IdOf(KontenaNode node) => node.Spec.ProviderID!.Split('/')[^1];

    /// <summary>When its machine began to end.</summary>
    private static DateTimeOffset EndOf(OperatorScene scene, KontenaNode node) =>
        scene.Machines.Single(m => m.Id == IdOf(node)).History.First(h => h.To is InstanceState.ShuttingDown or InstanceState.Terminated).At;

    private static DateTimeOffset Moment(OperatorScene scene, KontenaNode node, NodeEventKind kind) =>
        scene.Grids.Kontena.Nodes.Single(e => e.Name == node.Spec.KontenaName).Events.First(e => e.Kind == kind).At;
}
