using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Pools;

/// <summary>The status of a pool as a function of what is seen and planned. Written only where <see cref="IsWorthWriting"/> says so.</summary>
public static class PoolStatus
{
    public static NodePoolStatus Compose(PoolSeen pool, PoolPlan plan, NodePoolStatus? before, DateTimeOffset now)
    {
        var revision = Revision.Of(pool.Spec);
        var nodes = pool.Nodes;
        var wanted = pool.Deleting ? 0 : pool.Spec.Replicas ?? nodes.Count;
        return new NodePoolStatus
        {
            Replicas = nodes.Count,
            ReadyReplicas = nodes.Count(n => n.Ready),
            UpdatedReplicas = nodes.Count(n => n.Revision == revision),
            AvailableReplicas = nodes.Count(IsAvailable),
            Selector = $"{ApiGroup.PoolLabel}={pool.Name}",
            ObservedGeneration = pool.Generation,
            CurrentRevision = revision,
            Zones = ZoneCounts(nodes),
            Firewalls = pool.Firewalls?.Refs is { } refs ? (refs.Count == 0 ? null : refs) : before?.Firewalls,
            Conditions = Conditions(pool, plan, wanted, revision, before?.Conditions ?? [], new ConditionSet(before?.Conditions ?? [], pool.Generation, now)),
        };
    }

    /// <summary>True where more than a time differs. Record equality does not look into lists, so they are compared here.</summary>
    public static bool IsWorthWriting(NodePoolStatus? before, NodePoolStatus after) =>
        before is null
        || before with { Conditions = [], Zones = null, Firewalls = null } != after with { Conditions = [], Zones = null, Firewalls = null }
        || !(before.Firewalls ?? []).SequenceEqual(after.Firewalls ?? [])
        || !before.Conditions.SequenceEqual(after.Conditions)
        || !(before.Zones ?? NoZones).OrderBy(z => z.Key, StringComparer.Ordinal).SequenceEqual((after.Zones ?? NoZones).OrderBy(z => z.Key, StringComparer.Ordinal));

    private static readonly Dictionary<string, int> NoZones = [];

    private static bool IsAvailable(NodeView node) => node is { Ready: true, Deleting: false };

    private static Dictionary<string, int>? ZoneCounts(IReadOnlyList<NodeView> nodes)
    {
        var counts = nodes.Where(n => n.MachineZone.Length > 0).GroupBy(n => n.MachineZone).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
        return counts.Count == 0 ? null : counts;
    }

    private static IReadOnlyList<Condition> Conditions(PoolSeen pool, PoolPlan plan, int wanted, string revision, IReadOnlyList<Condition> before, ConditionSet set)
    {
        var headline = PoolHeadline.Of(pool, plan, wanted);
        set.Set(PoolConditions.Ready, headline.Status, headline.Reason, headline.Message);
        SetAvailable(pool, wanted, set);
        if (headline.Working) set.Set(PoolConditions.Reconciling, ConditionStatus.True, headline.Reason, headline.Message);
        if (headline.NeedsHuman) set.Set(PoolConditions.Stalled, ConditionStatus.True, headline.Reason, headline.Message);
        SetProvider(pool, set);
        if (pool.Grid is { } grid)
        {
            SetGrid(grid, set);
            SetIdentity(pool, before, set);
        }
        SetNodes(pool, wanted, set);
        if (pool.Firewalls is { } firewalls) SetFirewalls(pool, firewalls, before, set);
        SetUpToDate(pool, revision, set);
        return set.ToList();
    }

    private static void SetAvailable(PoolSeen pool, int wanted, ConditionSet set)
    {
        var available = pool.Nodes.Count(IsAvailable);
        if (available >= wanted) set.Set(PoolConditions.Available, ConditionStatus.True, "EnoughNodes", $"{available} of {wanted} nodes are available.");
        else set.Set(PoolConditions.Available, ConditionStatus.False, "TooFewNodes", $"{available} of {wanted} nodes are available.");
    }

    private static void SetProvider(PoolSeen pool, ConditionSet set)
    {
        switch (pool.Provider)
        {
            case ProviderSeen.NotYet:
                set.Set(PoolConditions.ProviderReady, ConditionStatus.Unknown, "Observing", "The provider has not been asked since the operator started.");
                break;
            case ProviderSeen.Answers:
                set.Set(PoolConditions.ProviderReady, ConditionStatus.True, "Answers", "The provider answers with these credentials.");
                break;
            case ProviderSeen.Fails fails:
                set.Set(PoolConditions.ProviderReady, ConditionStatus.False, fails.Reason, fails.Message);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(pool), pool.Provider, "unknown provider state");
        }
    }

    private static void SetGrid(GridView grid, ConditionSet set)
    {
        if (GridStand.Of(grid) is not { } stand) set.Set(PoolConditions.GridReady, ConditionStatus.True, "TakesNodes", $"Grid {grid.Name} takes nodes, and its Master answers.");
        else set.Set(PoolConditions.GridReady, stand.IsUnknown ? ConditionStatus.Unknown : ConditionStatus.False, stand.Why.Reason, stand.Why.Message);
    }

    /// <param name="before">Stands until the ids have been looked at again.</param>
    private static void SetIdentity(PoolSeen pool, IReadOnlyList<Condition> before, ConditionSet set)
    {
        if (pool.Identity is { } standing) set.Set(PoolConditions.NodeIDsUnique, standing.Status, standing.Reason, standing.Message);
        else if (before.FirstOrDefault(c => c.Type == PoolConditions.NodeIDsUnique) is { } told) set.Set(told.Type, told.Status, told.Reason, told.Message);
        else set.Set(PoolConditions.NodeIDsUnique, ConditionStatus.Unknown, IdStanding.Observing, "Ids have not been looked at since the operator started.");
    }

    private static void SetNodes(PoolSeen pool, int wanted, ConditionSet set)
    {
        var ready = pool.Nodes.Count(IsAvailable);
        if (pool.Nodes.Count == wanted && ready == wanted)
        {
            set.Set(PoolConditions.NodesReady, ConditionStatus.True, "AllReady", wanted == 0 ? "The pool has no nodes and none are asked for." : $"All {wanted} nodes are ready.");
            return;
        }
        var worst = NodeTroubles.Worst(pool.Nodes);
        set.Set(PoolConditions.NodesReady, ConditionStatus.False, worst?.Reason ?? "NotAllReady", NodeTroubles.Sentence(pool.Nodes, ready, wanted));
    }

    /// <param name="before">Stand until the firewalls have been looked at again.</param>
    private static void SetFirewalls(PoolSeen pool, OwnFirewallsSeen firewalls, IReadOnlyList<Condition> before, ConditionSet set)
    {
        if (firewalls is { IsObserved: true, Lacks: { } lacks }) set.Set(PoolConditions.PortsReady, ConditionStatus.False, lacks.Reason, lacks.Message);
        else Set(PoolConditions.PortsReady, firewalls.IsObserved ? firewalls.Ports : null);
        if (pool.Grid is not null) Set(PoolConditions.IPSecReady, firewalls.Ipsec);

        void Set(string type, PoolVerdict? verdict)
        {
            if (verdict is not null) set.Set(type, verdict.Status, verdict.Reason, verdict.Message);
            else if (before.FirstOrDefault(c => c.Type == type) is { } old) set.Set(type, old.Status, old.Reason, old.Message);
            else set.Set(type, ConditionStatus.Unknown, "Observing", "The pool's firewalls have not been looked at since the operator started.");
        }
    }

    private static void SetUpToDate(PoolSeen pool, string revision, ConditionSet set)
    {
        var old = pool.Nodes.Count(n => !n.Deleting && n.Revision != revision);
        if (old == 0) set.Set(PoolConditions.UpToDate, ConditionStatus.True, "UpToDate", $"Every node is of revision {revision}.");
        else set.Set(PoolConditions.UpToDate, ConditionStatus.False, "OldNodes", $"{old} nodes are of an older revision than {revision}; they keep running as they are. Delete one to have it replaced: kubectl delete kn NAME");
    }
}
