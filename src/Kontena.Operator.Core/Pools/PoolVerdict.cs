using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Pools;

/// <summary>What the verdicts on a pool's nodes come to: false where one is, else unknown where one is.</summary>
public sealed record PoolVerdict(string Status, string Reason, string Message)
{
    /// <param name="nodes">In any order.</param>
    /// <param name="holds">What is true of a node that is well, e.g. <c>have their ways in open</c>.</param>
    internal static PoolVerdict Of(IReadOnlyCollection<NodeVerdict> nodes, string holds)
    {
        if (nodes.Count == 0) return new PoolVerdict(ConditionStatus.True, "NoNodes", "The pool has no nodes.");
        var worst = nodes.OrderBy(n => Rank(n.Status)).ThenByDescending(n => n.Message.Length).ThenBy(n => n.Name, StringComparer.Ordinal).First();
        if (worst.Status == ConditionStatus.True && nodes.All(n => n.Message == worst.Message)) return new PoolVerdict(worst.Status, worst.Reason, worst.Message);
        var head = $"{nodes.Count(n => n.Status == ConditionStatus.True)} of {nodes.Count} nodes {holds}{Groups(nodes)}.";
        return new PoolVerdict(worst.Status, worst.Reason, $"{head} {worst.Name}: {worst.Message}");
    }

    private static string Groups(IEnumerable<NodeVerdict> nodes)
    {
        var groups = nodes.Where(n => n.Status != ConditionStatus.True)
            .GroupBy(n => n.Reason, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Count()} {g.Key}")
            .ToList();
        return groups.Count == 0 ? "" : $" ({string.Join(", ", groups)})";
    }

    private static int Rank(string status) => status switch
    {
        ConditionStatus.False => 0,
        ConditionStatus.Unknown => 1,
        _ => 2,
    };
}

/// <summary>A verdict on one node.</summary>
internal readonly record struct NodeVerdict(string Name, string Status, string Reason, string Message);
