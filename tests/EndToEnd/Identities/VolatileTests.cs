using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Machines;

namespace Kontena.EndToEnd.Identities;

/// <summary>Machines whose Docker forgets its id at every boot.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class VolatileTests(SceneEngine engine) : IdentityTests(engine)
{
    private static readonly IReadOnlyList<ImageTraits> forgetful = [.. ImageTraits.Defaults.Select(t => t with { VolatileIdentity = true })];

    private SceneOptions Forgetful
    {
        get
        {
            var options = Impatient();
            return options with { Machines = options.Machines with { Images = forgetful } };
        }
    }

    /// <summary>The Master tells nobody of whom it refuses for that, so the condition names what it may be and how to find out; it is no other's id, and nothing is said of ids.</summary>
    [Test]
    public async Task Rebooted_TheMasterRefusesItWithoutAWord_TheConditionSaysWhereToLook_AndAChosenIdCuresIt()
    {
        var scene = await PlayGridAsync(Forgetful);
        await scene.Grids.PoolAsync("web", 2, s => s.MadeOf(null));
        await scene.Waits.ReadyAsync("web", 2);
        // Not the one initial member: etcd would hold it.
        var nodes = (await scene.Objects.NodesAsync()).OrderBy(n => scene.Grids.EntryOf(n).InitialMember).ToList();
        var (node, other) = (nodes[0], nodes[1]);
        var machine = scene.Grids.MachineOf(node);
        var id = machine.EngineId;
        machine.Reboot();
        await scene.Waits.UntilAsync(() => scene.Grids.Kontena.Rejected.Any(r => r.Code == 4003 && r.NodeId == machine.EngineId), "the Master refuses the agent");

        var (_, ready) = await NodeAsync(scene, "AgentOffline", node.Metadata.Name!);

        Assert.That(ready.Message, Does.Contain(id).And.Contain("docker info").And.Contain("4003").And.Contain("spec.identity.mode: Pinned"));
        Assert.That(machine.EngineId, Is.Not.EqualTo(id));
        await TurnAsync(scene, "web", Identity(IdentityMode.Pinned, ConflictAction.Report));
        await scene.Objects.DeleteNodeAsync(node.Metadata.Name!);
        await GoneAsync(scene, node.Metadata.Name!);
        await scene.Waits.ReadyAsync("web", 2);
        Assert.That(IsReady((await scene.Objects.NodesAsync()).Single(n => n.Metadata.Uid == other.Metadata.Uid)), "the other was never in doubt");
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.Empty);
    }

    [Test]
    public async Task RebootedWithAChosenId_ItComesBackAsItWas()
    {
        var scene = await PlayGridAsync(Forgetful);
        await scene.Grids.PoolAsync("web", 1);
        await scene.Waits.ReadyAsync("web", 1);
        var node = (await scene.Objects.FindNodeAsync("web-0"))!;
        var (machine, engineId) = (scene.Grids.MachineOf(node), scene.Grids.MachineOf(node).EngineId);
        var before = scene.Grids.EntryOf(node);

        machine.Reboot();

        await scene.Waits.UntilAsync(() => machine.Connected && scene.Grids.EntryOf(node).ConnectedAt > before.ConnectedAt, "the machine is back");
        Assert.That(machine.EngineId, Is.Not.EqualTo(engineId));
        await scene.Waits.ReadyAsync("web", 1);
        Assert.That((scene.Grids.EntryOf(node).NodeId, scene.Grids.Kontena.Rejected.Count), Is.EqualTo((before.NodeId, 0)));
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.Empty);
    }
}
