using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Identity;

/// <summary>All that is known of the id of one node, or of one entry at a Master that no node of ours stands for.</summary>
public sealed record NodeClaim
{
    public required Claimant Claimant { get; init; }

    /// <summary>Tells the Masters apart: none has one id twice, in all of its grids together.</summary>
    public string Master { get; init; } = "";

    /// <summary>The id that the Master has for its entry; null where it has none, or was not asked since the operator started.</summary>
    public EngineId? AtMaster { get; init; }

    /// <summary>The id that the node's attempt chose.</summary>
    public EngineId? Pinned { get; init; }

    /// <summary>The id that its machine joined with, as the node's own status keeps it.</summary>
    public EngineId? Recorded { get; init; }

    public IdentityMode Mode { get; init; } = IdentityMode.Pinned;

    /// <summary>The grid's Master has told since the operator started.</summary>
    public bool Observed { get; init; } = true;

    /// <summary>Its machine has not been looked for since the operator started: whether it is overdue, nobody knows.</summary>
    public bool Unseen { get; init; }

    /// <summary>It will be looked for in a moment: its account is being listed for the first time.</summary>
    public bool Awaited { get; init; }

    /// <summary>Its Master does not answer at present: what it said last stands, and nothing is concluded from it anew.</summary>
    public bool Stale { get; init; }

    /// <summary>The node is being deleted, or its machine ended: its id is about to be free.</summary>
    public bool Leaving { get; init; }

    /// <summary>When it was first seen online.</summary>
    public DateTimeOffset? JoinedAt { get; init; }

    /// <summary>When its agent last connected, as the Master tells.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When the node was made, or the entry.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>An agent has been accepted for its entry.</summary>
    public bool Joined { get; init; }

    public bool Connected { get; init; }

    /// <summary>
    /// The machine runs, the entry waits for it beyond the deadline, and nothing else explains that: neither a clock nor a token nor a version. The
    /// Master keeps no word of a refused id.
    /// </summary>
    public bool Overdue { get; init; }

    /// <summary>The private address that its agent told the Master.</summary>
    public string? Address { get; init; }

    /// <summary>Those of its machine, by the provider's record.</summary>
    public IReadOnlyList<string> MachineAddresses { get; init; } = [];

    /// <summary>Where the machines' addresses are comparable, and images: provider and account scope.</summary>
    public string Account { get; init; } = "";

    /// <summary>Id of the image that its machine was made from; empty where that is not known.</summary>
    public string Image { get; init; } = "";

    /// <summary>The code with which the Master refused or closed its agent's connection, where it tells.</summary>
    public int? CloseCode { get; init; }

    /// <summary>Since when the node's own condition says that its id is not unique; null where it does not.</summary>
    public DateTimeOffset? ReportedSince { get; init; }

    /// <summary>Enough was seen since the operator started to say how it stands. Of one that never joined, it is its machine that tells.</summary>
    public bool IsJudged => Observed && (Joined || !Unseen);

    /// <summary>A verdict that was told before the start may be found again in a moment.</summary>
    public bool IsOnTheWay => Observed && !Joined && Awaited && !Leaving;

    /// <summary>The id that it has in effect: what the Master says, or where it cannot be asked yet what was seen last.</summary>
    public EngineId? Held => AtMaster ?? (Observed ? null : Recorded);
}
