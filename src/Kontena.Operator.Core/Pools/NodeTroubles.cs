namespace Kontena.Operator.Core.Pools;

/// <summary>Says in one sentence what keeps a pool's nodes from being ready.</summary>
internal static class NodeTroubles
{
    /// <summary>The node to speak of: one that needs a human before one that only takes time, then by ordinal.</summary>
    public static NodeView? Worst(IEnumerable<NodeView> nodes) =>
        nodes.Where(n => !n.Ready || n.Deleting).OrderByDescending(n => n.NeedsHuman).ThenBy(n => n.Ordinal).ThenBy(n => n.Uid, StringComparer.Ordinal).FirstOrDefault();

    public static string Sentence(IReadOnlyList<NodeView> nodes, int ready, int wanted)
    {
        var head = $"{ready} of {wanted} nodes are ready";
        var groups = nodes.Where(n => !n.Ready || n.Deleting)
            .GroupBy(n => n.Reason, StringComparer.Ordinal)
            .OrderByDescending(g => g.Any(n => n.NeedsHuman)).ThenByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => $"{g.Count()} {g.Key}")
            .ToList();
        if (groups.Count > 0) head += $" ({string.Join(", ", groups)})";
        var worst = Worst(nodes);
        return worst is { NeedsHuman: true } ? $"{head}. {worst.Name}: {worst.Message}" : head + ".";
    }
}
