using System.Globalization;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// The status of a Grid as a function of what is seen. Nothing in it changes by itself: no age, no seconds of skew, so that a settled grid
/// costs no write.
/// </summary>
public static class GridReport
{
    public static GridStatus Compose(GridSeen grid, GridStatus? before, DateTimeOffset now)
    {
        var view = grid.View;
        // After a start all stays as it was until it is observed again: a restart of the operator is no news about a grid.
        if (before is { Conditions.Count: > 0 } && before.ObservedGeneration == grid.Generation && !grid.Deleting && view is { Holds.Reason: GridReasons.Observing, Trouble: null }) return before;
        var nodes = view.Last?.Nodes;
        var quorum = view is { Grid: { } known, Last: { } last } ? Quorum.Of(known.InitialSize, last.Nodes, view.Health) : null;
        return new GridStatus
        {
            MasterVersion = view.MasterVersion ?? before?.MasterVersion,
            // The first that was seen: another one is another grid, and is not written down.
            Fingerprint = before?.Fingerprint ?? view.Grid?.Fingerprint,
            InitialSize = view.Grid?.InitialSize ?? before?.InitialSize,
            Subnet = view.Grid?.Subnet ?? before?.Subnet,
            Nodes = nodes?.Count ?? before?.Nodes ?? 0,
            OnlineNodes = nodes?.Count(n => n.Status is MasterNodeStatus.Online or MasterNodeStatus.Drain) ?? before?.OnlineNodes ?? 0,
            Quorum = quorum is null ? before?.Quorum : string.Create(CultureInfo.InvariantCulture, $"{quorum.Healthy}/{quorum.Size}"),
            InitialMembers = nodes is null ? before?.InitialMembers : Members(nodes, view.Health),
            Replacing = before?.Replacing,
            Firewalls = grid.Firewalls.Refs is { } refs ? (refs.Count == 0 ? null : refs) : before?.Firewalls,
            ObservedGeneration = grid.Generation,
            Conditions = Conditions(grid, quorum, before, new ConditionSet(before?.Conditions ?? [], grid.Generation, now)),
        };
    }

    /// <summary>True where more than a time differs. Record equality does not look into lists, so they are compared here.</summary>
    public static bool IsWorthWriting(GridStatus? before, GridStatus after) =>
        before is null
        || before with { Conditions = [], InitialMembers = null, Firewalls = null } != after with { Conditions = [], InitialMembers = null, Firewalls = null }
        || !(before.Firewalls ?? []).SequenceEqual(after.Firewalls ?? [])
        || !before.Conditions.SequenceEqual(after.Conditions)
        || !(before.InitialMembers ?? []).SequenceEqual(after.InitialMembers ?? []);

    private static List<InitialMember> Members(IReadOnlyList<MasterNode> nodes, IReadOnlyDictionary<string, NodeHealth> health) =>
    [
        .. nodes.Where(n => n is { InitialMember: true, Number: >= 1 and <= 7 }).DistinctBy(n => n.Number).OrderBy(n => n.Number).Select(n => new InitialMember
        {
            Number = n.Number,
            Name = n.Name,
            Status = n.Status.ToString(),
            Healthy = (n.NeverJoined ? null : Quorum.IsHealthy(n, health)) switch { true => ConditionStatus.True, false => ConditionStatus.False, null => ConditionStatus.Unknown },
        }),
    ];

    private static IReadOnlyList<Condition> Conditions(GridSeen grid, Quorum? quorum, GridStatus? before, ConditionSet set)
    {
        var headline = GridHeadline.Of(grid, quorum);
        set.Set(GridConditions.Ready, headline.Status, headline.Reason, headline.Message);
        if (headline.Working) set.Set(GridConditions.Reconciling, ConditionStatus.True, headline.Reason, headline.Message);
        if (headline.NeedsHuman) set.Set(GridConditions.Stalled, ConditionStatus.True, headline.Reason, headline.Message);
        SetReachable(grid.View, set);
        SetQuorum(grid.View, quorum, before, set);
        SetClock(grid.View, before, set);
        if (grid.View.Last?.Nodes.Count >= GridHolds.MostNodes) set.Set(GridConditions.GridFull, ConditionStatus.True, GridReasons.GridFull, $"The Master has given all of its {GridHolds.MostNodes} node numbers away: no node can be added.");
        return set.ToList();
    }

    private static void SetReachable(GridView view, ConditionSet set)
    {
        if (view.Trouble is { } trouble) set.Set(GridConditions.MasterReachable, ConditionStatus.False, trouble.Reason, trouble.Message);
        else if (view.Last is null && view.MasterVersion is null) set.Set(GridConditions.MasterReachable, ConditionStatus.Unknown, GridReasons.Observing, "The Master has not been asked since the operator started.");
        else set.Set(GridConditions.MasterReachable, ConditionStatus.True, "Answers", $"The Master answers; it is of version {view.MasterVersion}.");
    }

    private static void SetQuorum(GridView view, Quorum? quorum, GridStatus? before, ConditionSet set)
    {
        if (quorum is null)
        {
            if (Find(before, GridConditions.QuorumHealthy) is { } old) set.Set(old.Type, old.Status, old.Reason, old.Message);
            else set.Set(GridConditions.QuorumHealthy, ConditionStatus.Unknown, GridReasons.Observing, "The grid's nodes have not been listed since the operator started.");
            return;
        }
        var (status, reason) = quorum.State switch
        {
            QuorumState.Healthy => (ConditionStatus.True, "AllHealthy"),
            QuorumState.NotFormed => (ConditionStatus.Unknown, "NotFormed"),
            QuorumState.Degraded => (ConditionStatus.False, "Degraded"),
            QuorumState.Lost => (ConditionStatus.False, GridReasons.QuorumLost),
            _ => throw new ArgumentOutOfRangeException(nameof(quorum), quorum.State, "unknown state"),
        };
        set.Set(GridConditions.QuorumHealthy, status, reason, GridHeadline.QuorumSentence(view, quorum));
    }

    private static void SetClock(GridView view, GridStatus? before, ConditionSet set)
    {
        var old = Find(before, GridConditions.ClockInSync);
        if (view.ClockAhead is not { } ahead)
        {
            if (old is not null && view.MasterVersion is null) set.Set(old.Type, old.Status, old.Reason, old.Message);
            else set.Set(GridConditions.ClockInSync, ConditionStatus.Unknown, "NotMeasured", "The Master's clock was not seen: it has not answered yet, or a proxy takes its Date header off.");
            return;
        }
        if (ClockVerdict.Of(ahead, wasOut: old is { Status: ConditionStatus.False }) is not { } words) set.Set(GridConditions.ClockInSync, ConditionStatus.True, "InSync", "The Master's clock and this operator's agree.");
        else set.Set(GridConditions.ClockInSync, ConditionStatus.False, "ClockSkew", words);
    }

    private static Condition? Find(GridStatus? status, string type) => status?.Conditions.FirstOrDefault(c => c.Type == type);
}
