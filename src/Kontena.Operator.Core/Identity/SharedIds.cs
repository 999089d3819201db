using System.Runtime.InteropServices;

namespace Kontena.Operator.Core.Identity;

/// <summary>Ids that more than one claims: at two Masters, by two attempts, or by one of ours and a stranger.</summary>
internal static class SharedIds
{
    public static void Find(IdLook look)
    {
        var first = new Dictionary<EngineId, NodeClaim>(look.Claims.Count);
        var shared = new Dictionary<EngineId, List<NodeClaim>>();
        foreach (var claim in look.Claims)
        {
            if (claim.AtMaster is { } held) Add(first, shared, held, claim);
            if (claim.Pinned is { } pinned && pinned != claim.AtMaster) Add(first, shared, pinned, claim);
            if (claim is { AtMaster: null, Recorded: { } recorded } && recorded != claim.Pinned) Add(first, shared, recorded, claim);
        }
        foreach (var (id, claims) in shared.OrderBy(s => s.Key))
            if (claims.Exists(c => c.Claimant.IsOurs))
                Judge(look, id, claims);
    }

    private static void Add(Dictionary<EngineId, NodeClaim> first, Dictionary<EngineId, List<NodeClaim>> shared, EngineId id, NodeClaim claim)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(first, id, out var exists);
        if (!exists) known = claim;
        else if (shared.TryGetValue(id, out var list)) list.Add(claim);
        else shared[id] = [known!, claim];
    }

    private static void Judge(IdLook look, EngineId id, List<NodeClaim> claims)
    {
        claims.Sort((one, other) => look.Earlier(one, other, id));
        var incumbent = claims[0];
        foreach (var later in claims.Skip(1))
        {
            if (later.Claimant.IsOurs) look.Say(later, KindOf(later, incumbent, id), incumbent.Claimant, id);
            else look.Note(later.Claimant, incumbent.Claimant, id);
        }
    }

    private static IdConflictKind KindOf(NodeClaim later, NodeClaim incumbent, EngineId id)
    {
        // The machine itself, under a name that somebody else gave it.
        if (!incumbent.Claimant.IsOurs && incumbent.Address is { } address && later.MachineAddresses.Contains(address)) return IdConflictKind.IDKnownElsewhere;
        if (later.Pinned == id) return IdConflictKind.PinCollision;
        return incumbent.Claimant.IsOurs || later.AtMaster == id ? IdConflictKind.DuplicateID : IdConflictKind.IDKnownElsewhere;
    }
}
