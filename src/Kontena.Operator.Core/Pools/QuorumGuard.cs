using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools;

/// <summary>
/// Keeps a shrinking pool from taking its grid's etcd apart. Each node asks once more before it goes (<see cref="LeavePath"/>), but by then its
/// deletion cannot be taken back: a plan that would come to stand there is not begun.
/// </summary>
internal static class QuorumGuard
{
    /// <param name="surplus">Who would go, the least useful first.</param>
    /// <returns>Who may, and why not all where some may not.</returns>
    public static (IReadOnlyList<NodeView> Going, Freeze? Held) Limit(PoolSeen pool, IReadOnlyList<NodeView> surplus)
    {
        if (pool.Grid is not { Last: { } listing, Grid: { InitialSize: var size } } grid) return (surplus, null);
        var leaving = surplus.Select(n => n.KontenaName).OfType<string>().Concat(pool.GoingInGrid).ToHashSet(StringComparer.Ordinal);
        var joined = QuorumRule.Members(listing, size).Where(m => !m.NeverJoined).ToList();
        var majority = QuorumRule.Majority(size);
        // Nothing to keep where etcd has never formed, or where nobody stays.
        if (joined.Count < majority || listing.Nodes.All(n => n.NeverJoined || leaving.Contains(n.Name))) return (surplus, null);
        var working = joined.Count(m => Works(m, grid) && !pool.GoingInGrid.Contains(m.Name));
        var spare = Math.Max(0, working - majority);
        var needed = joined.Where(m => Works(m, grid)).Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var going = surplus.Where(n => n.KontenaName is not { } name || !needed.Contains(name) || spare-- > 0).ToList();
        return going.Count == surplus.Count ? (surplus, null) : (going, AtRisk(pool, surplus.Except(going).ToList(), working, size));
    }

    private static bool Works(MasterNode member, GridView grid) => member.Connected && grid.Health.GetValueOrDefault(member.Name) is not { EtcdHealthy: false };

    private static Freeze AtRisk(PoolSeen pool, List<NodeView> kept, int working, int size) => new(
        NodeReasons.QuorumAtRisk,
        $"{string.Join(", ", kept.Select(n => n.Name).Order(StringComparer.Ordinal))} {(kept.Count == 1 ? "stays" : "stay")}: {working} of the {size} initial members of grid {pool.Grid!.GridName} work, and its etcd needs {QuorumRule.Majority(size)}. Set spec.replicas higher again, or delete every pool of the grid to end it.");
}
