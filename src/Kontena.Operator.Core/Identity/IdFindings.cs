namespace Kontena.Operator.Core.Identity;

/// <summary>What one look at all claims found.</summary>
public sealed class IdFindings
{
    private readonly Dictionary<string, IdVerdict> verdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IdConflict> incumbents = new(StringComparer.Ordinal);

    /// <param name="conflicts">In a fixed order.</param>
    /// <param name="memory">To be given to the next look.</param>
    public IdFindings(IReadOnlyList<IdConflict> conflicts, IdMemory memory)
    {
        (Conflicts, Memory) = (conflicts, memory);
        foreach (var conflict in conflicts)
        {
            foreach (var verdict in conflict.Newcomers) verdicts[verdict.Newcomer.Key] = verdict;
            if (conflict.Incumbent is { } incumbent) incumbents.TryAdd(incumbent.Key, conflict);
        }
    }

    public IReadOnlyList<IdConflict> Conflicts { get; }

    public IdMemory Memory { get; }

    /// <returns>Null where nothing is wrong with the node's id, or where it was there first.</returns>
    public IdVerdict? Of(string nodeUid) => verdicts.GetValueOrDefault(nodeUid);

    /// <returns>The conflict in which the node was there first; null where there is none.</returns>
    public IdConflict? IncumbentIn(string nodeUid) => incumbents.GetValueOrDefault(nodeUid);
}
