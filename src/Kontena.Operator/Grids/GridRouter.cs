using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;

namespace Kontena.Operator.Grids;

/// <summary>Wakes the Grid, the nodes and the pools that a poll or a change of a Grid has news for.</summary>
internal sealed class GridRouter(Store<NodePool> pools, Store<KontenaNode> nodes)
{
    public WorkQueue? GridQueue { get; set; }

    public WorkQueue? GridPortsQueue { get; set; }

    public WorkQueue? PoolQueue { get; set; }

    public WorkQueue? NodeQueue { get; set; }

    /// <summary>Brings about a look at all ids.</summary>
    public Action? LookAtIds { get; set; }

    public void Route(GridNews news)
    {
        GridQueue?.Add(news.Grid);
        // Members elsewhere come, go and move.
        GridPortsQueue?.Add(news.Grid);
        LookAtIds?.Invoke();
        var concerned = news.All
            ? nodes.ByIndex(NodeIndexes.Grid, news.Grid.ToString())
            : news.KontenaNames.SelectMany(name => nodes.ByIndex(NodeIndexes.KontenaName, NodeIndexes.NameAt(news.Grid, name)));
        foreach (var node in concerned) NodeQueue?.Add(node.Metadata.Key);
        if (!news.All) return;
        foreach (var pool in pools.All.Where(p => p.Spec.GridRef?.Name == news.Grid.Name && p.Metadata.Namespace == news.Grid.Namespace)) PoolQueue?.Add(pool.Metadata.Key);
    }
}
