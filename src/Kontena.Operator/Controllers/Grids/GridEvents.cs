using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>Events about a Grid: when a human becomes needed, when it is ready, and when quorum or clocks turn bad or good again.</summary>
internal static class GridEvents
{
    public static void Tell(IEventRecorder events, Grid grid, GridStatus? before, GridStatus after)
    {
        foreach (var type in new[] { GridConditions.Stalled, GridConditions.GridFull })
            if (Find(after, type) is { } bad && bad.Reason != Find(before, type)?.Reason)
                events.Record(KontenaKinds.Grids, grid, EventType.Warning, bad.Reason, bad.Message);
        if (Find(after, GridConditions.Ready) is { IsTrue: true } ready && Find(before, GridConditions.Ready) is not { IsTrue: true })
            events.Record(KontenaKinds.Grids, grid, EventType.Normal, "Ready", ready.Message);
        foreach (var type in new[] { GridConditions.QuorumHealthy, GridConditions.ClockInSync })
        {
            var (now, was) = (Find(after, type), Find(before, type));
            if (now is { Status: ConditionStatus.False } && (was?.Status != now.Status || was.Reason != now.Reason))
                events.Record(KontenaKinds.Grids, grid, EventType.Warning, now.Reason, now.Message);
            else if (now is { IsTrue: true } && was is { Status: ConditionStatus.False })
                events.Record(KontenaKinds.Grids, grid, EventType.Normal, now.Reason, now.Message);
        }
    }

    private static Condition? Find(GridStatus? status, string type) => status?.Conditions.FirstOrDefault(c => c.Type == type);
}
