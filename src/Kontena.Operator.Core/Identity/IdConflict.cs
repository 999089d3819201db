namespace Kontena.Operator.Core.Identity;

/// <summary>One id that more than one claim, or one machine whose id does not hold.</summary>
/// <param name="Incumbent">Who joined first, and so has the id; null where that is not known.</param>
/// <param name="Newcomers">Verdicts of the nodes of ours that came later.</param>
/// <param name="Others">Those who came later and are no nodes of ours.</param>
public sealed record IdConflict(IdConflictKind Kind, EngineId? Id, Claimant? Incumbent, IReadOnlyList<IdVerdict> Newcomers, IReadOnlyList<Claimant> Others)
{
    /// <summary>Everybody who takes part.</summary>
    public IEnumerable<Claimant> Parties => Newcomers.Select(v => v.Newcomer).Concat(Others).Concat(Incumbent is null ? [] : [Incumbent]);
}
