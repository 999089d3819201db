using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>
/// Nodes whose id the Master refuses. It has each id once and tells nobody of whom it refuses (4006): the newcomer's entry just stays as it was made.
/// Where it does tell, that is proof. Else it is concluded: a machine runs and is never accepted, nothing else explains that, and of its image only
/// one machine ever came in, at the same Master. Two machines of the image with ids of their own prove that none is baked in.
/// </summary>
internal static class RefusedIds
{
    public static void Find(IdLook look)
    {
        var refused = look.Claims.Where(c => look.IsOpen(c) && IsRefused(c)).ToList();
        if (refused.Count == 0) return;
        var holders = HoldersByImage(look);
        foreach (var claim in refused)
        {
            var holder = holders.GetValueOrDefault((claim.Master, claim.Account, claim.Image));
            if (claim.CloseCode == CloseCodes.IdUsedByAnother)
                look.Say(claim, claim.Mode == IdentityMode.Pinned ? IdConflictKind.PinCollision : IdConflictKind.DuplicateID, holder?.Claimant, holder?.Held ?? claim.Pinned);
            else if (holder is not null && look.ImageOf(claim) is { Several: false })
                look.Say(claim, IdConflictKind.DuplicateID, holder.Claimant, holder.Held);
        }
    }

    private static bool IsRefused(NodeClaim claim) =>
        claim.CloseCode == CloseCodes.IdUsedByAnother || claim is { Overdue: true, Joined: false, Mode: IdentityMode.Engine, Image.Length: > 0 };

    /// <summary>Of each image the machine that has its id; more than one where it has several.</summary>
    private static Dictionary<(string, string, string), NodeClaim> HoldersByImage(IdLook look)
    {
        var holders = new Dictionary<(string, string, string), NodeClaim>();
        foreach (var claim in look.Claims)
        {
            if (claim is not { Mode: IdentityMode.Engine, Joined: true, Image.Length: > 0, Held: { } id }) continue;
            var key = (claim.Master, claim.Account, claim.Image);
            if (!holders.TryGetValue(key, out var known) || look.Earlier(claim, known, id) < 0) holders[key] = claim;
        }
        return holders;
    }
}
