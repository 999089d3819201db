using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>What was last seen of an account's firewalls.</summary>
public sealed record AccountSeen
{
    public required FirewallAccount Account { get; init; }

    /// <summary>Null before the first since the operator started.</summary>
    public FirewallListing? Listing { get; init; }

    /// <summary>Why the provider did not answer the last time; null where it did, or was not asked yet.</summary>
    public Freeze? Trouble { get; init; }

    /// <summary>True where waiting does not end <see cref="Trouble"/>.</summary>
    public bool NeedsHuman { get; init; }

    /// <summary>The Secret that reaches it cannot vanish before what is made with it.</summary>
    public bool CredentialsHeld { get; init; } = true;

    /// <summary>Identity of the credentials of the last listing; empty before the first.</summary>
    public string Credentials { get; init; } = "";

    /// <summary>What a listing proves, by when it was begun.</summary>
    public FirewallProofs Proofs { get; init; } = FirewallProofs.Any;

    /// <summary>The listing shows the outcome of everything that was written so far.</summary>
    public bool IsCurrent => Listing is { } listing && listing.BegunAt > Proofs.WritesAfter;

    /// <summary>What the listing shows as open is not about to be closed by a call of ours.</summary>
    public bool ProvesOpen => Listing is { } listing && listing.BegunAt > Proofs.OpenAfter;

    /// <summary>What the listing lacks is not about to be made by a call of ours.</summary>
    public bool ProvesAbsence => Listing is { } listing && listing.BegunAt > Proofs.AbsenceAfter;
}
