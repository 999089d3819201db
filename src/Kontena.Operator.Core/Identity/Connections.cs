using static Kontena.Operator.Core.Identity.IdMemory;

namespace Kontena.Operator.Core.Identity;

/// <summary>
/// Two machines on one entry: each new connection ends the other one's (4041), whose agent is started again and takes it back, and the address that
/// the Master shows is that of whoever came last (kontena server/app/services/agent/node_plugger.rb).
/// </summary>
internal static class Connections
{
    /// <summary>New connections within the window that are no chance any more.</summary>
    private const int Storm = 4;

    public static void Find(IdLook look)
    {
        var strays = StraysByAddress(look);
        foreach (var claim in look.Claims)
        {
            if (claim is not { AtMaster: not null, Stale: false, Claimant.IsOurs: true }) continue;
            if (Intruder(look, claim, strays) is { } intruder) Say(look, claim, intruder);
            else if (IsStorm(look.TrailOf(claim), claim, look.Now)) look.Say(claim, IdConflictKind.IDFlapping, null, claim.AtMaster, isCuredByReplacing: false);
        }
        Hold(look);
    }

    /// <summary>Machines of ours that have not come in under their own name, by grid and address. Where two have one address (two networks), neither is told.</summary>
    private static Dictionary<(string, string), NodeClaim?> StraysByAddress(IdLook look)
    {
        var strays = new Dictionary<(string, string), NodeClaim?>();
        foreach (var claim in look.Claims)
            if (claim is { Joined: false, Connected: false, Claimant.IsOurs: true })
                foreach (var address in claim.MachineAddresses)
                    if (!strays.TryAdd((claim.Claimant.Grid, address), claim) && !ReferenceEquals(strays[(claim.Claimant.Grid, address)], claim)) strays[(claim.Claimant.Grid, address)] = null;
        return strays;
    }

    private static NodeClaim? Intruder(IdLook look, NodeClaim claim, Dictionary<(string, string), NodeClaim?> strays)
    {
        // An agent may tell of an interface that the provider's record lacks: only an address that is known to be another machine's says anything.
        if (claim.Address is not { } address || claim.MachineAddresses.Count == 0 || claim.MachineAddresses.Contains(address)) return null;
        return strays.GetValueOrDefault((claim.Claimant.Grid, address)) is { } stray && look.IsPresent(stray.Claimant) ? stray : null;
    }

    private static void Say(IdLook look, NodeClaim claim, NodeClaim intruder)
    {
        look.RememberIntruder(intruder, claim);
        look.Say(intruder, IdConflictKind.DuplicateID, claim.Claimant, claim.AtMaster);
    }

    /// <summary>The entry shows each of the two in turn: one look at the rightful one ends nothing.</summary>
    private static void Hold(IdLook look)
    {
        foreach (var claim in look.Claims)
        {
            if (!look.IsOpen(claim) || claim.Joined || look.TrailOf(claim) is not { Verdict: { Incumbent: { } incumbent } verdict, IntruderAt: { } at, Intruder: { } key }) continue;
            if (look.Now - at < Window && key == incumbent.Key && look.IsPresent(incumbent)) look.Say(claim, verdict.Kind, incumbent, verdict.Id);
        }
    }

    /// <summary>Connections alone prove nothing, a machine may start over and over; but then it comes from one address.</summary>
    private static bool IsStorm(Trail trail, NodeClaim claim, DateTimeOffset now)
    {
        // The other is known, and told of it; its connections are seen for as long even when it has gone.
        if (now - trail.TakenAt < Window) return false;
        var moves = trail.Moves;
        if (trail.Verdict is { Kind: IdConflictKind.IDFlapping } && moves.Count > 0 && now - moves[^1].SeenAt < Window) return true;
        if (moves.Count < Storm - 1) return false;
        var (count, turns, last) = (0, 0, default(string));
        foreach (var move in moves)
        {
            if (now - move.SeenAt >= Window || move.Address is null) continue;
            count++;
            if (last is not null && last != move.Address) turns++;
            last = move.Address;
        }
        var told = claim.CloseCode == CloseCodes.NewerConnection ? 1 : 0;
        return count + told >= Storm && turns + told >= 2;
    }
}
