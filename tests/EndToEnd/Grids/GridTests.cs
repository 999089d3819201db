using Kontena.EndToEnd.Operator;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Grids;

/// <summary>What the scenes of grids have in common.</summary>
public abstract class GridTests(SceneEngine engine = SceneEngine.Embedded) : OperatorTests(engine)
{
    protected const string GridName = SceneGrids.GridName;

    /// <summary>A scene with credentials, a Grid and a running operator.</summary>
    private protected async Task<OperatorScene> PlayGridAsync(int initialSize = 1) => await PlayGridAsync(Usual.WithGrid(initialSize));

    private protected async Task<OperatorScene> PlayGridAsync(SceneOptions options)
    {
        var scene = await PlayAsync(options);
        await scene.Grids.CreateAsync();
        return scene;
    }

    /// <summary>The same with a pool whose nodes are all online.</summary>
    private protected async Task<OperatorScene> PlayJoinedAsync(int initialSize, int replicas, SceneOptions? options = null)
    {
        var scene = await PlayGridAsync(options ?? Usual.WithGrid(initialSize));
        await scene.Grids.PoolAsync("web", replicas);
        await scene.Waits.ReadyAsync("web", replicas);
        return scene;
    }

    private protected static Condition ConditionOf(KontenaNode node, string type) => node.Status!.Conditions.Single(c => c.Type == type);

    /// <summary>The oldest node of the pool has this Ready reason, and what it says.</summary>
    private protected static async Task<(KontenaNode Node, Condition Ready)> NodeAsync(OperatorScene scene, string reason, string name = "web-0")
    {
        var ready = await scene.Waits.NodeAsync(name, reason);
        return ((await scene.Objects.FindNodeAsync(name))!, ready);
    }

    /// <summary>Each node has one entry, and there is none beside them but those of others.</summary>
    private protected static async Task AssertEntriesAreOfNodesAsync(OperatorScene scene)
    {
        var nodes = await scene.Objects.NodesAsync();
        var own = scene.Grids.Entries.Where(e => e.Origin != NodeOrigin.Foreign).ToList();
        Assert.That(own.Select(e => e.Name), Is.EquivalentTo(nodes.Select(n => n.Spec.KontenaName)));
        Assert.That(own.Select(e => e.Status), Is.All.EqualTo(HostNodeStatus.Online));
    }

    private protected static Task GoneAsync(OperatorScene scene, string node) =>
        scene.Waits.UntilAsync(async () => await scene.Objects.FindNodeAsync(node) is null, $"node {node} goes");

    /// <summary>This node is gone, and the pool has as many as before, all of them Ready. (A replacement has another name: it is made while its predecessor goes.)</summary>
    private protected static async Task ReplacedAsync(OperatorScene scene, KontenaNode before)
    {
        var replicas = (await scene.Objects.PoolAsync(before.Spec.PoolName)).Spec.Replicas;
        await scene.Waits.UntilAsync(async () =>
        {
            var nodes = await scene.Objects.NodesAsync(before.Spec.PoolName);
            return nodes.Count == replicas && nodes.All(n => n.Metadata.Uid != before.Metadata.Uid && n.Status?.Conditions.Any(c => c is { Type: "Ready", IsTrue: true }) == true);
        }, $"node {before.Metadata.Name} is replaced");
    }
}
