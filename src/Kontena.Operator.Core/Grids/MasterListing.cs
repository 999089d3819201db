namespace Kontena.Operator.Core.Grids;

/// <summary>All nodes of a grid: the Master has no pages, so an answer is complete.</summary>
public sealed class MasterListing
{
    private readonly Dictionary<string, MasterNode> byName;

    /// <param name="begunAt">When it was asked for: what happened after may be missing.</param>
    public MasterListing(DateTimeOffset begunAt, IReadOnlyList<MasterNode> nodes)
    {
        (BegunAt, Nodes) = (begunAt, nodes);
        byName = nodes.GroupBy(n => n.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
    }

    public DateTimeOffset BegunAt { get; }

    public IReadOnlyList<MasterNode> Nodes { get; }

    /// <summary>Of the grid that the answer is about (<see cref="MasterGrid.Fingerprint"/>); null where it holds no node, and so does not say.</summary>
    public string? Fingerprint { get; init; }

    public MasterNode? ByName(string name) => byName.GetValueOrDefault(name);
}
