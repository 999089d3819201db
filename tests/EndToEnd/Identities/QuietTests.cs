using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;

namespace Kontena.EndToEnd.Identities;

/// <summary>What happens to machines every day is no conflict, and no Event says that it is one.</summary>
[TestFixture(SceneEngine.Embedded)]
[TestFixture(SceneEngine.Real)]
public sealed class QuietTests(SceneEngine engine) : IdentityTests(engine)
{
    [TestCase(IdentityMode.Engine)]
    [TestCase(IdentityMode.Pinned)]
    public async Task NodesReplacedMachinesRebootedMasterAndOperatorRestarted_NothingIsSaidOfIds(IdentityMode mode)
    {
        var scene = await PlayGridAsync(Usual.WithGrid(initialSize: 3));
        await scene.Grids.PoolAsync("web", 3, s => s.MadeOf(null) with { Identity = new IdentitySpec { Mode = mode, OnConflict = ConflictAction.Replace } });
        await scene.Waits.ReadyAsync("web", 3);
        var ids = scene.Grids.Entries.ToDictionary(e => e.Name, e => e.NodeId);
        foreach (var node in await scene.Objects.NodesAsync()) await RebootAsync(scene, node);
        await scene.Grids.Kontena.StopAsync();
        await scene.Grids.UntilAsync("MasterReachable", "False");
        await scene.Grids.Kontena.StartAsync(Ct);
        await scene.Grids.UntilAsync("MasterReachable", "True");
        await scene.Waits.ReadyAsync("web", 3);
        Assert.That(scene.Grids.Entries.ToDictionary(e => e.Name, e => e.NodeId), Is.EqualTo(ids), "ids outlive all that");
        await scene.Operator.CrashAsync();
        await scene.StartOperatorAsync();
        foreach (var node in (await scene.Objects.NodesAsync()).Take(2))
        {
            await scene.Objects.DeleteNodeAsync(node.Metadata.Name!);
            await GoneAsync(scene, node.Metadata.Name!);
            await scene.Waits.ReadyAsync("web", 3);
        }

        await scene.Waits.PoolAsync("web", "NodeIDsUnique", "True", "Unique");
        Assert.That(await EverBlamedAsync(scene, NodeKind), Is.Empty);
        Assert.That(await EverBlamedAsync(scene, PoolKind), Is.Empty);
        Assert.That((await scene.Objects.NodesAsync()).Select(n => ConditionOf(n, "IDUnique").Reason), Is.All.EqualTo("Unique"));
        Assert.That(scene.Grids.Kontena.Evictions(DateTimeOffset.MinValue), Is.Zero);
        Assert.That(scene.Machines.Count(), Is.EqualTo(5), "nothing was replaced but the two");
    }

    private static async Task RebootAsync(OperatorScene scene, KontenaNode node)
    {
        var (machine, before) = (scene.Grids.MachineOf(node), scene.Grids.EntryOf(node).ConnectedAt);
        machine.Reboot();
        await scene.Waits.UntilAsync(() => machine.Connected && scene.Grids.EntryOf(node).ConnectedAt > before, $"the machine of {node.Metadata.Name} is back");
    }
}
