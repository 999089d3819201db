namespace Kontena.Operator.Core.Pools;

/// <summary>What a pool needs to know of one of its nodes. Nodes belong to a pool by owner UID, never by label (cluster-api#14217).</summary>
public sealed record NodeView
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>Its resourceVersion.</summary>
    public string? Version { get; init; }

    public required int Ordinal { get; init; }

    public required string Revision { get; init; }

    /// <summary>Where it is meant to be, in the settings' words.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Where its machine is, in the provider's words; empty while there is none.</summary>
    public string MachineZone { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    public bool Deleting { get; init; }

    /// <summary>True once a provider id is written down.</summary>
    public bool HasMachine { get; init; }

    public bool Ready { get; init; }

    /// <summary>Its name at the Kontena Master; null where it has none, or none yet.</summary>
    public string? KontenaName { get; init; }

    /// <summary>It runs etcd for its grid.</summary>
    public bool InitialMember { get; init; }

    /// <summary>The machine that it takes, or took, over; null where it makes its own.</summary>
    public Nodes.AdoptedMachine? Adopts { get; init; }

    /// <summary>There is nothing to take over, and the listing shows nothing of it either.</summary>
    public bool AdoptionFailed { get; init; }

    /// <summary>The machine ended without our doing, by the provider's own positive word.</summary>
    public bool MachineTerminated { get; init; }

    /// <summary>The provider no longer knows the machine: weaker than "terminated", wrong credentials look the same.</summary>
    public bool MachineMissing { get; init; }

    /// <summary>The listing lacks the machine; it may turn out to be missing.</summary>
    public bool MachineInDoubt { get; init; }

    /// <summary>Why it is to be replaced now: its id is another's, and its pool asks for that; null where it is not.</summary>
    public string? IdConflict { get; init; }

    /// <summary>Why it is not ready, as its own Ready condition says; a node that has no condition yet is new. Never empty: it becomes a condition's reason.</summary>
    public string Reason { get; init; } = "New";

    public string Message { get; init; } = "";

    /// <summary>True where the node says, of its present generation, that only a human can help.</summary>
    public bool NeedsHuman { get; init; }
}
