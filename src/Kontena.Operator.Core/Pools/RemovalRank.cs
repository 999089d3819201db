using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Pools;

/// <summary>Who goes first when a pool shrinks; those that run etcd for their grid go last. A full order, so that two runs over the same nodes choose the same.</summary>
public static class RemovalRank
{
    public static IEnumerable<NodeView> LeastUsefulFirst(IEnumerable<NodeView> nodes, RemovalOrder order)
    {
        var ranked = nodes.OrderBy(n => n.HasMachine).ThenBy(n => n.InitialMember).ThenBy(n => n.Ready);
        ranked = order switch
        {
            RemovalOrder.Newest => ranked.ThenByDescending(n => n.CreatedAt).ThenByDescending(n => n.Ordinal),
            RemovalOrder.Oldest => ranked.ThenBy(n => n.CreatedAt).ThenBy(n => n.Ordinal),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "unknown order"),
        };
        return ranked.ThenBy(n => n.Uid, StringComparer.Ordinal);
    }
}
