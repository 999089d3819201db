using static Kontena.Operator.Core.Identity.IdMemory;

namespace Kontena.Operator.Core.Identity;

/// <summary>How what is remembered of a claimant goes on with what is seen now.</summary>
internal static class Trails
{
    public static Trail Next(Trail? before, NodeClaim claim, DateTimeOffset now)
    {
        var first = First(claim);
        if (before is null) return new Trail(first, claim.ConnectedAt is null ? [] : [new Move(now, claim.ConnectedAt, claim.Address)], null, null, null);
        var moves = Moves(before.Moves, claim, now);
        return first >= before.First && ReferenceEquals(moves, before.Moves) ? before : before with { First = first < before.First ? first : before.First, Moves = moves };
    }

    /// <summary>A connection counts from its first: later ones of the same machine are later only because it was away.</summary>
    private static DateTimeOffset First(NodeClaim claim)
    {
        var (joined, connected) = (claim.JoinedAt, claim.Joined || claim.Connected ? claim.ConnectedAt : null);
        return joined is null || connected < joined ? connected ?? DateTimeOffset.MaxValue : joined.Value;
    }

    private static IReadOnlyList<Move> Moves(IReadOnlyList<Move> before, NodeClaim claim, DateTimeOffset now)
    {
        if (claim.Stale || claim.ConnectedAt is null) return before;
        if (before.Count > 0 && before[^1] is var last && last.ConnectedAt == claim.ConnectedAt)
        {
            // An agent tells its address a moment after it has connected.
            return last.Address == claim.Address ? before : [.. before.Take(before.Count - 1), last with { Address = claim.Address }];
        }
        return [.. before.Where(m => now - m.SeenAt < Window).TakeLast(MostMoves - 1), new Move(now, claim.ConnectedAt, claim.Address)];
    }
}
