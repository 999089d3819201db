using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>
/// Which newcomer is to be replaced now, where its pool asks for that (<c>spec.identity.onConflict: Replace</c>): one in the whole operator at a
/// time, from the order until what comes in its place has joined. Pure.
/// </summary>
public static class Remedy
{
    /// <summary>How long a turn lasts: a pool that stands still for another reason, or a successor that never comes, must not hold up all others.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(15);

    /// <param name="nodes">Every node of ours in a pool of a grid, those being deleted included.</param>
    /// <param name="pools">By UID.</param>
    public static RemedyPlan Of(IReadOnlyList<IdConflict> conflicts, IReadOnlyCollection<RemedyNode> nodes, IReadOnlyDictionary<string, RemedyPool> pools, RemedyMemory previous, DateTimeOffset now)
    {
        var byUid = nodes.ToDictionary(n => n.Uid, StringComparer.Ordinal);
        var newcomers = conflicts.SelectMany(c => c.Newcomers).Select(v => v.Newcomer.Key).ToHashSet(StringComparer.Ordinal);
        var memory = previous.After(byUid, pools, newcomers, now);
        var asked = Asked(conflicts, byUid, pools);
        var inVain = asked.Where(a => memory.WasInVain(a.Verdict, a.Node, pools[a.Node.PoolUid])).Select(a => (a.Node.PoolUid, a.Verdict.Id)).ToHashSet();
        var hopeless = asked.Where(a => inVain.Contains((a.Node.PoolUid, a.Verdict.Id))).ToDictionary(a => a.Node.Uid, a => InVain(a.Verdict, pools[a.Node.PoolUid]), StringComparer.Ordinal);
        var candidates = asked.FindAll(a => !hopeless.ContainsKey(a.Node.Uid) && !pools[a.Node.PoolUid].Holds);
        if (memory.IsBusy(nodes, pools, newcomers, now)) return new RemedyPlan(null, hopeless, memory);
        var chosen = Choose(candidates, memory, now);
        return new RemedyPlan(chosen?.Node.Uid, hopeless, chosen is var (verdictOf, nodeOf) ? memory.Choose(nodeOf, verdictOf, pools[nodeOf.PoolUid].Revision, nodes, now) : memory.ChooseNone());
    }

    /// <summary>Whether a pool's condition says of what its nodes are made from now that replacing does not help: an operator that starts must not try again.</summary>
    public static bool IsGivenUp(Condition told, string revision) => told.Reason == IdStanding.ReplacingDoesNotHelp && told.Message.Contains(Every(revision), StringComparison.Ordinal);

    private static string Every(string revision) => $"every machine of revision {revision}";

    /// <summary>Those whose pools ask for it.</summary>
    private static List<(IdVerdict Verdict, RemedyNode Node)> Asked(IReadOnlyList<IdConflict> conflicts, Dictionary<string, RemedyNode> nodes, IReadOnlyDictionary<string, RemedyPool> pools)
    {
        List<(IdVerdict, RemedyNode)> asked = [];
        foreach (var verdict in conflicts.SelectMany(c => c.Newcomers))
            if (verdict.IsCuredByReplacing && nodes.GetValueOrDefault(verdict.Newcomer.Key) is { Deleting: false } node && pools.GetValueOrDefault(node.PoolUid) is { Action: ConflictAction.Replace }) asked.Add((verdict, node));
        return asked;
    }

    /// <summary>Who was chosen stays it until its turn is over; then it is the next one's, in a fixed order.</summary>
    private static (IdVerdict Verdict, RemedyNode Node)? Choose(List<(IdVerdict Verdict, RemedyNode Node)> candidates, RemedyMemory memory, DateTimeOffset now)
    {
        if (candidates.Count == 0) return null;
        var ordered = candidates.OrderBy(c => c.Verdict.Id?.Text, StringComparer.Ordinal).ThenBy(c => c.Verdict.Newcomer.Text, StringComparer.Ordinal).ThenBy(c => c.Node.Uid, StringComparer.Ordinal).ToList();
        var at = ordered.FindIndex(c => c.Node.Uid == memory.Chosen?.NodeUid);
        if (at < 0) return ordered[0];
        return now - memory.Chosen!.ChosenAt < LongestTurn ? ordered[at] : ordered[(at + 1) % ordered.Count];
    }

    private static string InVain(IdVerdict verdict, RemedyPool pool) =>
        $"Replacing does not help: the node that came in the place of an earlier one has {(verdict.Id is { } id ? $"the id {id}" : "another's id")} again, so {Every(pool.Revision)} will. Set spec.identity.mode: Pinned, or name an image without /etc/docker/key.json and /var/lib/docker/engine-id.";
}
