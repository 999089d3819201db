using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>An Event for each change of a node's Ready reason, and of what its id is said to be, once: the condition's own sentence.</summary>
internal static class NodeNews
{
    public static void Tell(IEventRecorder events, KontenaNode node, KontenaNodeStatus? before)
    {
        var (now, was) = (Find(node.Status, NodeConditions.Ready), Find(before, NodeConditions.Ready));
        var (id, idBefore) = (Find(node.Status, NodeConditions.IDUnique), Find(before, NodeConditions.IDUnique));
        if (now is not null && was?.Reason != now.Reason)
        {
            var isWarning = node.Status!.Conditions.Any(c => c.Type == NodeConditions.Stalled) || (id is { Status: ConditionStatus.False } && id.Reason == now.Reason);
            events.Record(KontenaKinds.KontenaNodes, node, isWarning ? EventType.Warning : EventType.Normal, now.Reason, now.Message);
        }
        // What Ready says for the id's sake is said above.
        if (id is { Status: ConditionStatus.False } && id.Reason != idBefore?.Reason && id.Reason != now?.Reason)
            events.Record(KontenaKinds.KontenaNodes, node, EventType.Warning, id.Reason, id.Message);
        if (id is { Status: ConditionStatus.True } && idBefore is { Status: ConditionStatus.False })
            events.Record(KontenaKinds.KontenaNodes, node, EventType.Normal, "ID" + id.Reason, id.Message);
    }

    private static Condition? Find(KontenaNodeStatus? status, string type) => status?.Conditions.FirstOrDefault(c => c.Type == type);
}
