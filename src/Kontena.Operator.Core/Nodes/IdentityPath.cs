using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Nodes;

/// <summary>A node whose id is another's is not ready, whatever else is well; and none becomes ready before its id was looked at.</summary>
internal static class IdentityPath
{
    /// <summary>The look wakes the node; this is for one that came between.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    public static NodeStep Of(NodeSeen seen, EntrySeen grid, NodeStep step)
    {
        if (step is not NodeStep.Wait wait || grid.View.Last is null) return step;
        return seen.Identity switch
        {
            { Status: ConditionStatus.False } judged => wait with { Reason = judged.Reason, Message = judged.Message, NeedsHuman = judged.NeedsHuman, Ready = false },
            { Status: ConditionStatus.Unknown } when wait.Ready && grid.JoinedAt is null => new NodeStep.Wait(NodeReasons.Joining, $"{grid.Name} is online; comparing its id with those of all other nodes.", Again),
            _ => wait,
        };
    }
}
