using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Pools;

/// <summary>What the Ready condition says: the one thing that a reader of <c>kubectl get np</c> should know.</summary>
/// <param name="Working">The operator is still at it.</param>
/// <param name="NeedsHuman">Waiting will not help.</param>
internal sealed record PoolHeadline(string Status, string Reason, string Message, bool Working, bool NeedsHuman)
{
    public static PoolHeadline Of(PoolSeen pool, PoolPlan plan, int wanted)
    {
        if (plan.Held is { } held)
            return new PoolHeadline(ConditionStatus.False, held.Reason, held.Message, Working: !plan.NeedsHuman && held.Reason != "Paused", plan.NeedsHuman);
        // Nobody has to see to a node that this very round removes: a pool that was just mended must not say so of its new generation, or who waits for it gives up.
        var removed = plan.Actions.OfType<PoolAction.RemoveNode>().Select(a => a.Uid).ToHashSet(StringComparer.Ordinal);
        var staying = pool.Nodes.Where(n => !removed.Contains(n.Uid)).ToList();
        var worst = NodeTroubles.Worst(staying);
        var ready = pool.Nodes.Count(n => n is { Ready: true, Deleting: false });
        if (worst is { NeedsHuman: true })
            return new PoolHeadline(ConditionStatus.False, worst.Reason, NodeTroubles.Sentence(staying, ready, wanted), Working: false, NeedsHuman: true);
        if (pool.Deleting)
            return Busy("Deleting", $"{pool.Nodes.Count} nodes are left to remove.");
        if (pool.Provider is ProviderSeen.Fails fails)
            return new PoolHeadline(ConditionStatus.False, fails.Reason, fails.Message, Working: !Machines.RetryRule.NeedsHuman(fails.Fault), Machines.RetryRule.NeedsHuman(fails.Fault));
        if (pool.Grid is { } grid && GridStand.Of(grid) is { IsLasting: true } stand)
            return new PoolHeadline(ConditionStatus.False, stand.Why.Reason, stand.Why.Message, Working: !stand.NeedsHuman, stand.NeedsHuman);
        if (plan.Actions.Count > 0)
            return Busy(plan.Actions[0].Reason, plan.Actions.Count == 1 ? plan.Actions[0].Message : $"{plan.Actions[0].Message} And {plan.Actions.Count - 1} more.");
        if (pool.Nodes.Count == wanted && ready == wanted)
            return new PoolHeadline(ConditionStatus.True, "AllReady", wanted == 0 ? "The pool has no nodes and none are asked for." : $"All {wanted} nodes are ready.", Working: false, NeedsHuman: false);
        return Busy(worst?.Reason ?? "Waiting", NodeTroubles.Sentence(pool.Nodes, ready, wanted));
    }

    private static PoolHeadline Busy(string reason, string message) => new(ConditionStatus.False, reason, message, Working: true, NeedsHuman: false);
}
