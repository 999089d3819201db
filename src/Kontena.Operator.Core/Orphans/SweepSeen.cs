using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Orphans;

/// <summary>Everything that a sweep of one account and scope is decided from.</summary>
public sealed record SweepSeen
{
    public required string Installation { get; init; }

    /// <summary>Set where the whole installation must stand still.</summary>
    public Freeze? Frozen { get; init; }

    /// <summary>Null where there is none since the last failure.</summary>
    public Sighting? Earlier { get; init; }

    /// <summary>Its listing must have been begun after the earlier one's nodes were read.</summary>
    public Sighting? Later { get; init; }

    public IReadOnlyList<Tombstone> Tombstones { get; init; } = [];

    /// <summary>When each machine was first seen, by provider id, for providers that do not tell when they made it.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> FirstSeen { get; init; } = new Dictionary<string, DateTimeOffset>();

    public required DateTimeOffset Now { get; init; }

    /// <summary>How many machines one sweep may remove.</summary>
    public int Budget { get; init; } = OrphanSweep.Budget;
}
