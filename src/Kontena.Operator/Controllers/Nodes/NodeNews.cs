using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>An Event for each change of a node's Ready reason, once: the condition's own sentence.</summary>
internal static class NodeNews
{
    public static void Tell(IEventRecorder events, KontenaNode node, Core.Api.KontenaNodeStatus? before)
    {
        var now = node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
        var was = before?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
        if (now is null || was?.Reason == now.Reason) return;
        var stalled = node.Status!.Conditions.Any(c => c.Type == NodeConditions.Stalled);
        events.Record(KontenaKinds.KontenaNodes, node, stalled ? EventType.Warning : EventType.Normal, now.Reason, now.Message);
    }
}
