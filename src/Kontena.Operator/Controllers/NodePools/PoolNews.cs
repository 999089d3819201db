using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>Events about a pool: one for each kind of action in a round, one when a human becomes needed or is needed no more.</summary>
internal static class PoolNews
{
    public static void Tell(IEventRecorder events, NodePool pool, PoolPlan plan)
    {
        foreach (var kind in plan.Actions.GroupBy(a => a.Reason))
        {
            var count = kind.Count();
            events.Record(KontenaKinds.NodePools, pool, EventType.Normal, kind.Key, count == 1 ? kind.First().Message : $"{kind.First().Message} And {count - 1} more.");
        }
    }

    public static void Tell(IEventRecorder events, NodePool pool, NodePoolStatus? before, NodePoolStatus after)
    {
        var now = Find(after, PoolConditions.Stalled);
        var was = before is null ? null : Find(before, PoolConditions.Stalled);
        var ids = Find(after, PoolConditions.NodeIDsUnique);
        // What is said of ids is said once, below.
        if (now is not null && now.Reason != was?.Reason && !(ids is { Status: ConditionStatus.False } && Enum.IsDefined(typeof(IdConflictKind), now.Reason)))
            events.Record(KontenaKinds.NodePools, pool, EventType.Warning, now.Reason, now.Message);
        if (Find(after, PoolConditions.Ready) is { Status: ConditionStatus.True } ready && (before is null || Find(before, PoolConditions.Ready)?.Status != ConditionStatus.True))
            events.Record(KontenaKinds.NodePools, pool, EventType.Normal, "Ready", ready.Message);
        TellIds(events, pool, before is null ? null : Find(before, PoolConditions.NodeIDsUnique), ids);
    }

    private static void TellIds(IEventRecorder events, NodePool pool, Condition? before, Condition? after)
    {
        if (after is { Status: ConditionStatus.False } && (before?.Status, before?.Reason, before?.Message) != (after.Status, after.Reason, after.Message))
            events.Record(KontenaKinds.NodePools, pool, EventType.Warning, after.Reason, after.Message);
        if (after is { Status: ConditionStatus.True } && before is { Status: ConditionStatus.False })
            events.Record(KontenaKinds.NodePools, pool, EventType.Normal, "IDs" + after.Reason, after.Message);
    }

    private static Condition? Find(NodePoolStatus status, string type) => status.Conditions.FirstOrDefault(c => c.Type == type);
}
