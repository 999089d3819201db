using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools.Restore;

namespace Kontena.Operator.Core.Pools;

/// <summary>
/// From what is seen of a pool to what is to be done for it now. Pure, deterministic, indifferent to the order of its input.
/// <code>
/// pool                                    plan
/// ──────────────────────────────────────  ─────────────────────────────────────────
/// installation moved or lost              nothing, held
/// paused                                  nothing, held
/// has nodes, but no finalizer any more    put it back, besides the rest
/// holds Secrets that it needs no more     let them go, besides the rest
/// being deleted                           remove every node, then its firewalls; drop the finalizer when none is left
/// spec cannot be carried out              nothing, held
/// restored, or of machines without nodes  AdoptionPlan: held until a human decides; take over
/// replicas left out                       write the present count
/// machine terminated, or missing          remove the node (missing: only while few are)
/// id is another's, and its turn has come  remove the node (Identity.Remedy)
/// more live nodes than replicas           remove the surplus, the least useful first
/// … and etcd would lose its majority      keep those members, held
/// fewer, and the grid takes no nodes      add none, held
/// fewer, provider answers, none unknown   add nodes, never above replicas + surge in all
/// </code>
/// </summary>
public static class PoolPlanner
{
    /// <summary>Most nodes added, and most removed, in one round: what a wrong list may cost before somebody looks.</summary>
    public const int CeilingPerRound = 100;

    /// <summary>Machines above <c>replicas</c> that may exist while one is being replaced.</summary>
    public const int Surge = 1;

    /// <summary>Above this share of missing machines a pool stands still: a wrong account shows an empty list, truthfully.</summary>
    public const double MaxMissing = 0.4;

    public static PoolPlan Plan(PoolSeen pool)
    {
        if (pool.Frozen is { } freeze) return new PoolPlan([], freeze, NeedsHuman: true);
        if (pool.Spec.Paused) return new PoolPlan([], new Freeze("Paused", "The pool is paused: spec.paused is true, so nothing is created or deleted."));
        var plan = AdoptionPlan.Declined(pool).ToList() is { Count: > 0 } forgotten ? WithoutCopies(pool, forgotten) : PlanUnpaused(pool);
        if (pool is { Deleting: false, SecretsNamedNoMore: { Count: > 0 } names }) plan = plan with { Actions = [new PoolAction.ReleaseSecrets(names), .. plan.Actions] };
        return pool is { Deleting: false, HoldLost: { } lost } ? plan with { Actions = [new PoolAction.HoldAgain(lost), .. plan.Actions] } : plan;
    }

    private static PoolPlan WithoutCopies(PoolSeen pool, List<PoolAction.ForgetCopy> forgotten)
    {
        var plan = PlanUnpaused(pool);
        // A pool that goes would leave them behind half forgotten.
        return plan with { Actions = [.. forgotten, .. plan.Actions.Where(a => a is not PoolAction.DropFinalizer)] };
    }

    private static PoolPlan PlanUnpaused(PoolSeen pool)
    {
        if (pool.Deleting) return PlanDeletion(pool);
        if (InvalidSpec(pool) is { } invalid) return new PoolPlan([], invalid, NeedsHuman: true);
        if (AdoptionPlan.Of(pool) is { } adoption) return adoption;
        if (pool.Spec.Replicas is not { } replicas) return new PoolPlan([new PoolAction.SetReplicas(PresentCount(pool))]);

        var staying = pool.Nodes.Where(n => !n.Deleting).ToList();
        var missing = staying.Where(n => n.MachineMissing).ToList();
        // Nodes that have none yet cannot miss one: among many of them a whole wrong account would look like a small loss.
        var machines = staying.Count(n => n.HasMachine);
        var inDoubt = staying.Count(n => n.MachineInDoubt);
        if (TooManyMissing(pool, missing.Count, machines) || (missing.Count > 0 && inDoubt == 0 && !pool.AccountShowsMachines)) return ManyMissing(missing, machines);
        // They are missed one after another: the first must not be replaced before it is known how many there are.
        if (missing.Count > 0 && inDoubt > 0 && (TooManyMissing(pool, missing.Count + inDoubt, machines) || !pool.AccountShowsMachines)) return MaybeMany(missing.Count, inDoubt, machines);

        var removals = Replacements(staying, Revision.Of(pool.Spec)).ToList();
        var removed = removals.Select(r => r.Uid).ToHashSet(StringComparer.Ordinal);
        staying.RemoveAll(n => removed.Contains(n.Uid));
        var (surplus, risk) = QuorumGuard.Limit(pool, [.. RemovalRank.LeastUsefulFirst(staying, pool.Spec.Removal.Order).Take(Math.Max(0, staying.Count - replicas))]);
        removals.AddRange(Surplus(surplus, staying.Count, replicas));
        if (risk is not null) return new PoolPlan([.. removals.Take(CeilingPerRound)], risk, NeedsHuman: true);
        return Additions(pool, staying, replicas, [.. removals.Take(CeilingPerRound)]);
    }

    /// <summary>The API server checks the same at apply; this catches what it cannot know, and objects that were stored before a rule existed.</summary>
    private static Freeze? InvalidSpec(PoolSeen pool)
    {
        var errors = Api.Validation.Check(pool.Name, pool.Spec, old: null);
        return errors.Count == 0 ? null : new Freeze("InvalidSpec", $"The spec cannot be carried out: {string.Join("; ", errors.Take(3))}{(errors.Count > 3 ? $"; and {errors.Count - 3} more" : "")}. Correct it.");
    }

    private static int PresentCount(PoolSeen pool) => Math.Max(1, pool.Nodes.Count(n => !n.Deleting));

    private static PoolPlan PlanDeletion(PoolSeen pool)
    {
        if (pool.Nodes.Count == 0)
            return AdoptionPlan.HoldsDeletion(pool) is { } copies ? new PoolPlan([], copies, NeedsHuman: true)
                : pool.Firewalls is { Gone: false } own ? new PoolPlan([], own.Lacks ?? new Freeze("RemovingFirewalls", "The last node is gone; the pool's firewalls at the provider go next."), own.NeedsHuman)
                : new PoolPlan([new PoolAction.DropFinalizer()]);
        var going = pool.Nodes.Where(n => !n.Deleting).OrderBy(n => n.Ordinal).ThenBy(n => n.Uid, StringComparer.Ordinal).Take(CeilingPerRound);
        return new PoolPlan([.. going.Select(n => new PoolAction.RemoveNode(n.Name, n.Uid, "PoolDeleted", $"Removing {n.Name}: its pool is being deleted."))]);
    }

    /// <summary>A single machine may always go missing, but only in an account that shows others: where none is left, nothing tells a loss from a wrong account.</summary>
    private static bool TooManyMissing(PoolSeen pool, int missing, int of) => missing > of * MaxMissing && (missing > 1 || !pool.AccountShowsMachines);

    private static PoolPlan ManyMissing(List<NodeView> missing, int of) => new(
        [],
        new Freeze("ManyMachinesMissing", $"The provider knows nothing of {missing.Count} of {of} machines ({Names(missing)}). That is what wrong credentials or a wrong region look like, so nothing is replaced. Check both; to replace nodes all the same, delete them: kubectl delete kn {missing.Min(n => n.Name)} …"),
        NeedsHuman: true);

    private static PoolPlan MaybeMany(int missing, int inDoubt, int of) => new(
        [],
        new Freeze(NodeReasons.Confirming, $"The provider knows nothing of {missing} of {of} machines, and its listing lacks {inDoubt} more; asking for each before any is replaced."));

    private static IEnumerable<PoolAction.RemoveNode> Replacements(IEnumerable<NodeView> staying, string revision)
    {
        foreach (var node in staying.OrderBy(n => n.Ordinal).ThenBy(n => n.Uid, StringComparer.Ordinal))
        {
            if (node.MachineTerminated || node.MachineMissing)
                yield return new PoolAction.RemoveNode(node.Name, node.Uid, "MachineLost", $"Replacing {node.Name}: {node.Message}") { Version = node.Version };
            else if (node.IdConflict is { } conflict)
                yield return new PoolAction.RemoveNode(node.Name, node.Uid, "IDConflict", $"Replacing {node.Name}: {conflict}") { Version = node.Version };
            else if (!node.HasMachine && node.NeedsHuman && node.Reason != NodeReasons.Restored && node.Revision != revision)
                // It never got a machine and never will: its snapshot is what was wrong, and the pool has been mended since.
                yield return new PoolAction.RemoveNode(node.Name, node.Uid, "Outdated", $"Replacing {node.Name}: the pool has changed since it failed ({node.Reason}).") { Version = node.Version };
        }
    }

    private static IEnumerable<PoolAction.RemoveNode> Surplus(IReadOnlyList<NodeView> surplus, int staying, int replicas) =>
        surplus.Select(n => new PoolAction.RemoveNode(n.Name, n.Uid, "ScalingDown", $"Removing {n.Name}: the pool has {staying} nodes and {replicas} are asked for."));

    private static PoolPlan Additions(PoolSeen pool, List<NodeView> staying, int replicas, List<PoolAction> actions)
    {
        var wanted = Math.Min(replicas - staying.Count, replicas + Surge - pool.Nodes.Count);
        wanted = Math.Min(wanted, CeilingPerRound);
        if (wanted <= 0) return new PoolPlan(actions);
        if (pool.UnknownMachines.Any()) return new PoolPlan(actions, RestoreWords.Unknown(pool), NeedsHuman: true);
        switch (pool.Provider)
        {
            case ProviderSeen.NotYet:
                return new PoolPlan(actions, new Freeze("Observing", "Waiting for the first listing of the provider's machines."));
            case ProviderSeen.Fails fails:
                return new PoolPlan(actions, new Freeze(fails.Reason, fails.Message), Machines.RetryRule.NeedsHuman(fails.Fault));
        }
        if (pool.Grid is { } grid && GridStand.Of(grid) is { } stand) return new PoolPlan(actions, stand.Why, stand.NeedsHuman);

        var ordinals = pool.FreeOrdinals.Take(wanted);
        // Without those that this very round removes: the replacement belongs where one goes missing.
        var zones = new ZoneSpread(pool.Spec.Provider.Settings.PlacementZones, staying);
        actions.AddRange(ordinals.Select(ordinal => Add(pool, ordinal, zones.TakeNext(), staying.Count, replicas)));
        return new PoolPlan(actions);
    }

    private static PoolAction.AddNode Add(PoolSeen pool, int ordinal, string zone, int staying, int replicas)
    {
        var name = $"{pool.Name}-{ordinal}";
        return new PoolAction.AddNode(name, ordinal, zone, "ScalingUp", $"Adding {name}: the pool has {staying} nodes and {replicas} are asked for.");
    }

    private static string Names(IEnumerable<NodeView> nodes)
    {
        var names = nodes.Select(n => n.Name).Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", …" : "");
    }
}
