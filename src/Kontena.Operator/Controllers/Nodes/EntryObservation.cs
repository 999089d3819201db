using Kontena.Kubernetes.Resources;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>See: a node's grid, its entry there, and which others come and go. No call leaves here.</summary>
internal static class EntryObservation
{
    public static EntrySeen? Of(NodeContext context, KontenaNode node)
    {
        if (node.Spec.GridRef is not { } reference) return null;
        var ns = node.Metadata.Namespace!;
        var (grids, key) = (context.Entries, new ObjectKey(ns, reference.Name));
        var view = grids.Grids.View(ns, reference.Name);
        var peers = context.Nodes.Store.ByIndex(NodeIndexes.Grid, key.ToString());
        var going = peers.Where(n => n.Metadata.IsBeingDeleted).ToList();
        var joining = peers.Count(n => !n.Metadata.IsBeingDeleted && n.Status?.JoinedAt is null);
        return new EntrySeen
        {
            View = view,
            Name = NameOf(node),
            OwnUids = node.Spec.Adopts is { } adopts ? [node.Metadata.Uid!, adopts.NodeUID] : [node.Metadata.Uid!],
            Trace = grids.Traces.Of(node.Metadata.Uid!, node.Spec),
            GivenUp = node.Metadata.Annotations?.GetValueOrDefault(ApiGroup.AbandonNodeAnnotation) == "true",
            Pending = Pending(grids, key, view, peers),
            Known = Names(peers),
            Going = Names(going),
            GoingInPool = Names(going.Where(n => n.Spec.PoolUID == node.Spec.PoolUID)),
            Coming = joining + peers.GroupBy(NodeIndexes.PoolOf).Sum(nodes => Missing(context, nodes)),
            ComingMeanwhile = joining + peers.GroupBy(NodeIndexes.PoolOf).Sum(nodes => Math.Min(Missing(context, nodes), Room(context, nodes))),
            DrainTimeout = DrainTimeout(context, node),
            DeletedAt = node.Metadata.DeletionTimestamp,
            JoinedAt = node.Status?.JoinedAt,
            JoinDeadline = context.Pace.JoinDeadline,
        };
    }

    public static string NameOf(KontenaNode node) => node.Spec.KontenaName ?? KontenaName.Of(node.Metadata.Name!, node.Metadata.Uid!);

    /// <summary>
    /// How many a pool is about to make. Whoever deletes all nodes of a grid at once does so before the first successor's object is there, and without
    /// these it would look as if the grid was to end.
    /// </summary>
    private static int Missing(NodeContext context, IGrouping<ObjectKey, KontenaNode> nodes) =>
        context.Pools.Find(nodes.Key) is { Metadata.IsBeingDeleted: false, Spec: { Paused: false, Replicas: { } replicas } } pool
            ? Math.Max(0, replicas - nodes.Count(n => !n.Metadata.IsBeingDeleted && n.Spec.PoolUID == pool.Metadata.Uid))
            : 0;

    /// <summary>How many more nodes the pool makes while those that it has are there (<see cref="Core.Pools.PoolPlanner.Surge"/>).</summary>
    private static int Room(NodeContext context, IGrouping<ObjectKey, KontenaNode> nodes) =>
        context.Pools.Find(nodes.Key)?.Spec.Replicas is { } replicas ? Math.Max(0, replicas + Core.Pools.PoolPlanner.Surge - nodes.Count()) : 0;

    /// <summary>What this process sent, and what the one before it may have sent.</summary>
    private static IReadOnlySet<string> Pending(EntryContext entries, ObjectKey grid, GridView view, IEnumerable<KontenaNode> peers)
    {
        var sent = entries.Registrations.Pending(grid, view);
        return view.Last is not { } listing
            ? sent
            : peers.Where(n => n.Spec.Attempt is not null && listing.ByName(NameOf(n)) is null && entries.Traces.OfPeer(n.Metadata.Uid!, n.Spec).MayBeMissingIn(listing)).Select(NameOf).Concat(sent).ToHashSet(StringComparer.Ordinal);
    }

    private static HashSet<string> Names(IEnumerable<KontenaNode> nodes) => nodes.Select(NameOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>As the pool has it now: who waits for a drain may shorten it.</summary>
    private static TimeSpan DrainTimeout(NodeContext context, KontenaNode node)
    {
        var pool = context.Pools.Find(NodeIndexes.PoolOf(node));
        var text = pool?.Metadata.Uid == node.Spec.PoolUID ? pool.Spec.Removal.DrainTimeout : null;
        return text is not null && DurationText.Parse(text) is { } timeout ? timeout : RemovalSpec.UsualDrainTimeout;
    }
}
