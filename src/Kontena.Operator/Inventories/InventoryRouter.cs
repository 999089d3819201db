using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Orphans;

namespace Kontena.Operator.Inventories;

/// <summary>Wakes the nodes, the pools and the orphan sweep that a listing has news for.</summary>
internal sealed class InventoryRouter(Store<NodePool> pools, Store<KontenaNode> nodes)
{
    public WorkQueue? PoolQueue { get; set; }

    public WorkQueue? NodeQueue { get; set; }

    public OrphanSweeps? Orphans { get; set; }

    public void Route(InventoryNews news)
    {
        Orphans?.Wake(news);
        foreach (var uid in news.NodeUids)
        {
            var known = nodes.ByIndex(NodeIndexes.Uid, uid);
            foreach (var node in known) NodeQueue?.Add(node.Metadata.Key);
        }
        if (news.First)
            foreach (var node in nodes.All.Where(n => AccountKey.Of(n.Metadata.Namespace!, n.Spec.Provider.Settings) == news.Account))
                NodeQueue?.Add(node.Metadata.Key);
        // Pools see machines of unknown nodes only through here; nodes' own changes reach them through the nodes' status.
        if (news.ProviderChanged || news.First || news.NodeUids.Any(uid => nodes.ByIndex(NodeIndexes.Uid, uid).Count == 0))
            foreach (var pool in pools.All.Where(p => AccountKey.Of(p.Metadata.Namespace!, p.Spec.Provider.Settings) == news.Account))
                PoolQueue?.Add(pool.Metadata.Key);
    }
}
