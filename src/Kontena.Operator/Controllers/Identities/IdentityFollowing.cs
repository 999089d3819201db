using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>What brings the next look at ids about, and whom its news concern.</summary>
internal sealed class IdentityFollowing(Store<NodePool> pools, Store<KontenaNode> nodes)
{
    public WorkQueue? Queue { get; set; }

    public WorkQueue? NodeQueue { get; set; }

    public WorkQueue? PoolQueue { get; set; }

    /// <summary>A grid, a node or a pool changed in what ids hang on.</summary>
    public void Look() => Queue?.AddAfter(IdentitiesReconciler.Key, IdentitiesReconciler.Gather);

    public void Wake(IReadOnlyCollection<string> nodeUids, IReadOnlyCollection<string> poolUids)
    {
        foreach (var node in nodeUids.SelectMany(uid => nodes.ByIndex(NodeIndexes.Uid, uid))) NodeQueue?.Add(node.Metadata.Key);
        if (poolUids.Count == 0) return;
        foreach (var pool in pools.All.Where(p => poolUids.Contains(p.Metadata.Uid!))) PoolQueue?.Add(pool.Metadata.Key);
    }

    /// <summary>Of nodes only what ids hang on: their statuses change many times while they come up.</summary>
    public IDisposable FollowNodes() => nodes.Subscribe(change =>
    {
        if (change is StoreChange<KontenaNode>.Present) return;
        if (change is StoreChange<KontenaNode>.Updated { Before: var before, After: var after } && Facts(before) == Facts(after)) return;
        Look();
    });

    public IDisposable FollowPools() => pools.Subscribe(change =>
    {
        if (change is StoreChange<NodePool>.Updated { Before.Metadata: var before, After.Metadata: var after } && before.Generation == after.Generation && before.Uid == after.Uid) return;
        Look();
    });

    private static (string?, int?, string?, bool, string?, DateTimeOffset?, string?) Facts(KontenaNode node) =>
        (node.Metadata.Uid, node.Spec.Attempt?.Number, node.Spec.ProviderID, node.Metadata.IsBeingDeleted, node.Status?.EngineID, node.Status?.JoinedAt, node.Status?.MachineState);
}
