using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>How a node, or all of a pool's, stand with their ids: what the condition says.</summary>
/// <param name="Status">One of <see cref="ConditionStatus"/>.</param>
/// <param name="NeedsHuman">Waiting will not help.</param>
public sealed record IdStanding(string Status, string Reason, string Message, bool NeedsHuman = false)
{
    public const string IsUnique = "Unique";

    public const string Observing = "Observing";

    /// <summary>Of a pool: nodes of it were there first, and others have their ids as well.</summary>
    public const string SharedWithOthers = "SharedWithOthers";

    /// <summary>Of a pool: what came in the place of a node that was replaced has another's id again.</summary>
    public const string ReplacingDoesNotHelp = "ReplacingDoesNotHelp";

    /// <summary>The node, or its pool, has not been looked at since the operator started, or has no id yet.</summary>
    public static IdStanding NotYet { get; } = new(ConditionStatus.Unknown, Observing, "The node's id is not known yet: it has not joined, or was not looked at since the operator started.");

    private static IdStanding NodeIsUnique { get; } = new(ConditionStatus.True, IsUnique, "No other node has its id.");

    private static IdStanding PoolIsUnique { get; } = new(ConditionStatus.True, IsUnique, "No node of it has an id that another has.");

    private static IdStanding NoneJoined { get; } = new(ConditionStatus.Unknown, Observing, "No node of it has joined since the operator started.");

    /// <param name="claim">The node's own.</param>
    public static IdStanding OfNode(NodeClaim claim, IdFindings found, RemedyPlan plan, IReadOnlyDictionary<string, RemedyPool> pools)
    {
        var uid = claim.Claimant.Key;
        if (found.Of(uid) is { } verdict)
        {
            var hopeless = plan.Hopeless.GetValueOrDefault(uid);
            var isReplaced = hopeless is null && verdict.IsCuredByReplacing && pools.GetValueOrDefault(claim.Claimant.PoolUid ?? "") is { Action: ConflictAction.Replace, Holds: false };
            return new IdStanding(ConditionStatus.False, verdict.Reason, hopeless is null ? verdict.Message : $"{verdict.Message} {hopeless}", NeedsHuman: !isReplaced);
        }
        if (found.IncumbentIn(uid) is { } conflict) return NodeIsUnique with { Message = IdWords.OfIncumbent(conflict) };
        return claim.AtMaster is null ? NotYet : NodeIsUnique;
    }

    /// <summary>As it was told before the operator started: it stands until it has been looked at again.</summary>
    /// <param name="stalledFor">Reason of the node's Stalled condition; null where it has none.</param>
    public static IdStanding OfCondition(Condition told, string? stalledFor) => new(told.Status, told.Reason, told.Message, told.Reason == stalledFor);

    /// <param name="joined">At least one node of the pool has an id.</param>
    public static IdStanding OfPool(string poolUid, bool joined, IdFindings found, RemedyPlan plan)
    {
        var verdicts = found.Conflicts.SelectMany(c => c.Newcomers).Where(v => v.Newcomer.PoolUid == poolUid).OrderBy(v => v.Kind).ThenBy(v => v.Newcomer.Text, StringComparer.Ordinal).ToList();
        if (verdicts.Count > 0)
        {
            var hopeless = verdicts.Select(v => plan.Hopeless.GetValueOrDefault(v.Newcomer.Key)).FirstOrDefault(h => h is not null);
            return new IdStanding(ConditionStatus.False, hopeless is null ? verdicts[0].Reason : ReplacingDoesNotHelp, $"{And(verdicts[0].Message, verdicts.Count, "node")}{(hopeless is null ? "" : $" {hopeless}")}");
        }
        var shared = found.Conflicts.Where(c => c.Incumbent?.PoolUid == poolUid).ToList();
        if (shared.Count > 0) return new IdStanding(ConditionStatus.False, SharedWithOthers, And(IdWords.OfIncumbent(shared[0]), shared.Count, "id"));
        return joined ? PoolIsUnique : NoneJoined;
    }

    private static string And(string first, int count, string what) => count == 1 ? first : $"{first} And {count - 1} more {what}{(count == 2 ? "" : "s")}.";
}
