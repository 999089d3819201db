namespace Kontena.Operator.Core.Identity;

/// <summary>
/// From all claims over all grids to the ids that are not one machine's alone. Pure, indifferent to the order of its input, and never quadratic.
/// <code>
/// what is seen                                               who came later gets
/// ─────────────────────────────────────────────────────────  ─────────────────────────
/// one id, two claimants                          SharedIds   PinCollision, DuplicateID, IDKnownElsewhere
/// refused for its id (4006); or never accepted,
///   and the only id of its image is another's    RefusedIds  DuplicateID
/// its address shows at another node's entry      Connections DuplicateID
/// new connections over and over, from two places Connections IDFlapping
/// another id than it joined with (4003)          ChangedIds  VolatileID
/// </code>
/// Who was there first is never said to be wrong. What leaves (deleted, machine ended) claims nothing, so neither does a replacement conflict with
/// what it replaces. A Master that does not answer brings no verdict and ends none.
/// </summary>
public static class IdConflicts
{
    /// <param name="claims">One for each node of ours, and one for each entry that no node of ours stands for.</param>
    /// <param name="previous">What the last look left.</param>
    public static IdFindings Of(IReadOnlyCollection<NodeClaim> claims, IdMemory previous, DateTimeOffset now)
    {
        var look = new IdLook(claims, previous, now);
        look.KeepWhatIsStale();
        SharedIds.Find(look);
        RefusedIds.Find(look);
        Connections.Find(look);
        ChangedIds.Find(look);
        return look.Conclude();
    }
}
