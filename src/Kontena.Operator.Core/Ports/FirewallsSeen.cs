using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>Everything that the plan for one owner's firewalls is made from.</summary>
public sealed record FirewallsSeen
{
    public required FirewallMarks Marks { get; init; }

    /// <summary>The owner's name in the cluster, part of the firewalls' names.</summary>
    public required string OwnerName { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The owner goes, and no node is left that needs its firewalls.</summary>
    public bool Leaving { get; init; }

    /// <summary>Why nothing may be written now (installation frozen, pool paused, firewall not managed); null where it may.</summary>
    public Freeze? Held { get; init; }

    /// <summary>Where firewalls are needed, and where there are some already. Empty while <see cref="Leaving"/>.</summary>
    public IReadOnlyList<FirewallPlace> Places { get; init; } = [];

    /// <summary>Names that stand in the owner's status: one that does not is written there before it is made, so that whoever comes after a crash looks for it.</summary>
    public IReadOnlySet<string> Recorded { get; init; } = new HashSet<string>();

    /// <summary>Every account of a place, or of a record.</summary>
    public IReadOnlyList<AccountSeen> Accounts { get; init; } = [];

    /// <summary>The last write that failed, by the firewall's name.</summary>
    public IReadOnlyDictionary<string, Refusal> Refused { get; init; } = new Dictionary<string, Refusal>();

    public string NameIn(string network) => FirewallName.Of(Marks, OwnerName, network);
}
