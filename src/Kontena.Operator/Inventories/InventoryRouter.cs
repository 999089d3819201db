using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Inventories;

/// <summary>Wakes the nodes, the pools and the orphan sweep that a listing has news for.</summary>
internal sealed class InventoryRouter(Store<NodePool> pools, Store<KontenaNode> nodes, Store<Grid> grids)
{
    public WorkQueue? PoolQueue { get; set; }

    public WorkQueue? NodeQueue { get; set; }

    public WorkQueue? GridQueue { get; set; }

    public WorkQueue? PoolPortsQueue { get; set; }

    public WorkQueue? GridPortsQueue { get; set; }

    public OrphanSweeps? Orphans { get; set; }

    /// <summary>Brings about a look at all ids.</summary>
    public Action? LookAtIds { get; set; }

    public void Route(InventoryNews news)
    {
        Orphans?.Wake(news);
        // How a node stands that never joined hangs on its machine.
        if (news.First || news.ProviderChanged) LookAtIds?.Invoke();
        foreach (var uid in news.NodeUids)
        {
            var known = nodes.ByIndex(NodeIndexes.Uid, uid);
            foreach (var node in known)
            {
                NodeQueue?.Add(node.Metadata.Key);
                // A machine may have lost, or never have had, a firewall of its pool's; or its addresses may be new to other networks.
                PoolPortsQueue?.Add(NodeIndexes.PoolOf(node));
                if (NodeIndexes.GridOf(node) is { } grid) GridPortsQueue?.Add(grid);
            }
        }
        if (news.First)
            foreach (var node in nodes.All.Where(n => AccountKey.Of(n.Metadata.Namespace!, n.Spec.Provider.Settings) == news.Account))
                NodeQueue?.Add(node.Metadata.Key);
        // Pools see machines of unknown nodes only through here; nodes' own changes reach them through the nodes' status.
        if (news.ProviderChanged || news.First || news.NodeUids.Any(uid => nodes.ByIndex(NodeIndexes.Uid, uid).Count == 0))
            foreach (var pool in pools.All.Where(p => AccountKey.Of(p.Metadata.Namespace!, p.Spec.Provider.Settings) == news.Account))
                PoolQueue?.Add(pool.Metadata.Key);
    }

    /// <summary>The account's firewalls look different, or somebody waits for a look at them.</summary>
    public void Route(AccountKey account)
    {
        foreach (var pool in pools.All.Where(p => AccountKey.Of(p.Metadata.Namespace!, p.Spec.Provider.Settings) == account || IsIn(account, p.Status?.Firewalls)))
        {
            PoolPortsQueue?.Add(pool.Metadata.Key);
            if (pool.Spec.GridRef is { } grid) GridPortsQueue?.Add(new(pool.Metadata.Namespace!, grid.Name));
        }
        // The last pool of a Grid's account may be gone, and the Grid's firewalls there are not.
        foreach (var grid in grids.All.Where(g => IsIn(account, g.Status?.Firewalls))) GridPortsQueue?.Add(grid.Metadata.Key);
    }

    /// <summary>An owner that has moved to other credentials may have firewalls in the account that it left.</summary>
    private static bool IsIn(AccountKey account, IReadOnlyList<FirewallRef>? records) => records?.Any(f => f.Provider == account.Provider && f.Scope == account.Scope) == true;

    /// <summary>A pool's own firewalls look different to those who write statuses.</summary>
    public void Wake(NodePool pool)
    {
        PoolQueue?.Add(pool.Metadata.Key);
        if (pool.Spec.GridRef is { } grid) GridPortsQueue?.Add(new(pool.Metadata.Namespace!, grid.Name));
        foreach (var node in nodes.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!)) NodeQueue?.Add(node.Metadata.Key);
    }

    /// <summary>A Grid's firewalls look different to those who write statuses.</summary>
    public void Wake(Grid grid)
    {
        GridQueue?.Add(grid.Metadata.Key);
        foreach (var node in nodes.ByIndex(NodeIndexes.Grid, grid.Metadata.Key.ToString())) NodeQueue?.Add(node.Metadata.Key);
        foreach (var pool in pools.All.Where(p => p.Metadata.Namespace == grid.Metadata.Namespace && p.Spec.GridRef?.Name == grid.Metadata.Name))
        {
            PoolQueue?.Add(pool.Metadata.Key);
            // Machines may lack a firewall that is there now.
            PoolPortsQueue?.Add(pool.Metadata.Key);
        }
    }
}
