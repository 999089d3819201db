using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Grids;

/// <summary>What the Ready condition of a Grid says: the one thing that a reader of <c>kubectl get kg</c> should know.</summary>
/// <param name="Working">The operator is still at it.</param>
/// <param name="NeedsHuman">Waiting will not help.</param>
internal sealed record GridHeadline(string Status, string Reason, string Message, bool Working, bool NeedsHuman)
{
    public static GridHeadline Of(GridSeen grid, Quorum? quorum)
    {
        var view = grid.View;
        if (grid.Deleting) return Deleting(grid);
        // What a human has to see to comes first; then what keeps the Master from answering; then what is only not yet.
        if (view is { Holds: { } hold, HoldNeedsHuman: true }) return Not(hold.Reason, hold.Message, needsHuman: true);
        if (view.Trouble is { } trouble) return Not(trouble.Reason, trouble.Message, trouble.NeedsHuman);
        if (view.Holds is { } waiting && waiting.Reason != GridReasons.GridFull) return Not(waiting.Reason, waiting.Message, needsHuman: false);
        if (grid.SubnetsTrouble is { } subnets) return Not(subnets.Reason, subnets.Message, subnets.NeedsHuman);
        if (quorum is { State: QuorumState.Lost }) return new GridHeadline(ConditionStatus.False, GridReasons.QuorumLost, QuorumSentence(view, quorum), Working: false, NeedsHuman: false);
        return new GridHeadline(ConditionStatus.True, "Answers", $"The Master answers. {(quorum is null ? "" : QuorumSentence(view, quorum))}".TrimEnd(), Working: false, NeedsHuman: false);
    }

    public static string QuorumSentence(GridView view, Quorum quorum)
    {
        var away = (view.Last?.Nodes ?? []).Where(n => n is { InitialMember: true, NeverJoined: false } && Quorum.IsHealthy(n, view.Health) == false).OrderBy(n => n.Number).Select(n => n.Name);
        return quorum.State switch
        {
            QuorumState.Healthy => $"All {quorum.Size} initial members are connected.",
            QuorumState.NotFormed => $"{quorum.Joined} of {quorum.Size} initial members have joined so far.",
            QuorumState.Degraded => $"{quorum.Healthy} of {quorum.Size} initial members are healthy; not healthy: {string.Join(", ", away)}. One more that is lost may stop the grid.",
            QuorumState.Lost => $"Only {quorum.Healthy} of {quorum.Size} initial members are healthy, and {quorum.Majority} are needed: etcd takes no writes, so nothing can be deployed. Bring back: {string.Join(", ", away)}.",
            _ => throw new ArgumentOutOfRangeException(nameof(quorum), quorum.State, "unknown state"),
        };
    }

    private static GridHeadline Deleting(GridSeen grid)
    {
        var names = string.Join(", ", grid.NodesLeft.Take(5)) + (grid.NodesLeft.Count > 5 ? $" and {grid.NodesLeft.Count - 5} more" : "");
        if (grid is { NodesLeft.Count: 0, Firewalls: { Gone: false, Lacks: { } lacks } }) return Not(lacks.Reason, $"The Grid is being deleted, and its last node is gone. {lacks.Message}", grid.Firewalls.NeedsHuman);
        return Not("Deleting", grid.NodesLeft.Count == 0 ? "The Grid is being deleted." : $"The Grid is being deleted and waits for its KontenaNodes to go: {names}. Delete their pools.", needsHuman: false);
    }

    private static GridHeadline Not(string reason, string message, bool needsHuman) => new(ConditionStatus.False, reason, message, Working: !needsHuman, needsHuman);
}
