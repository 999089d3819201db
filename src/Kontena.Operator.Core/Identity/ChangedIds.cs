using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>Machines that came back with another id than they joined with: Docker keeps it in files that were lost at a boot.</summary>
internal static class ChangedIds
{
    public static void Find(IdLook look)
    {
        foreach (var claim in look.Claims)
            if (look.IsOpen(claim) && HasChanged(claim))
                look.Say(claim, IdConflictKind.VolatileID, null, claim.AtMaster);
    }

    private static bool HasChanged(NodeClaim claim)
    {
        if (claim is { Recorded: { } recorded, AtMaster: { } now } && now != recorded && now != claim.Pinned) return true;
        // The entry keeps the id that it was given first, and the token with it.
        return claim is { CloseCode: CloseCodes.TokenUsedByAnother, Mode: IdentityMode.Engine, AtMaster: not null };
    }
}
