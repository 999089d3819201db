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

    /// <summary>A listing that was begun at this time or before may show what was there before a write of ours, or lack what a predecessor's late call makes.</summary>
    public DateTimeOffset ProvesAfter { get; init; }

    /// <summary>The listing shows the outcome of everything that was written so far.</summary>
    public bool IsCurrent => Listing is { } listing && listing.BegunAt > ProvesAfter;
}
