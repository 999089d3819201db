using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>What the Master said of the grid. <see cref="Replacing"/> alone is more than an observation: see there.</summary>
public sealed record GridStatus
{
    [MaxLength(64), Description("Version of the Master.")]
    public string? MasterVersion { get; init; }

    [MaxLength(64), Description("Hash of the grid's token, which never changes: tells a grid from another of the same name.")]
    public string? Fingerprint { get; init; }

    [Description("How many initial members (etcd) the grid was made for.")]
    public int? InitialSize { get; init; }

    [MaxLength(64), Description("Addresses of the grid's overlay network.")]
    public string? Subnet { get; init; }

    [Description("How many nodes the Master knows in the grid.")]
    public int Nodes { get; init; }

    [Description("How many of them are online.")]
    public int OnlineNodes { get; init; }

    [MaxLength(16), Description("Healthy initial members of all that the grid has, e.g. 3/3.")]
    public string? Quorum { get; init; }

    [ListMap("number"), MaxLength(7), Description("The initial members: the nodes that run etcd for the grid.")]
    public IReadOnlyList<InitialMember>? InitialMembers { get; init; }

    [Description("The one initial member that may be taken away now.")]
    public GridSlot? Replacing { get; init; }

    [ListMap("name"), MaxLength(64), Description("Firewalls at providers that belong to the grid: its members reach each other through them. They go with the Grid.")]
    public IReadOnlyList<FirewallRef>? Firewalls { get; init; }

    [Description("The generation that this status was made from.")]
    public long ObservedGeneration { get; init; }

    [ListMap("type"), MaxLength(32), Description("What is known about the grid.")]
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}

/// <summary>One node that runs etcd for the grid.</summary>
public sealed record InitialMember
{
    [Required, Range(1, 7), Description("Node number.")]
    public required int Number { get; init; }

    [Required, MaxLength(255), Description("Name at the Master.")]
    public required string Name { get; init; }

    [Required, MaxLength(32), Description("Status at the Master.")]
    public required string Status { get; init; }

    [Required, MaxLength(16), Description("Whether its etcd is healthy: True, False or Unknown.")]
    public required string Healthy { get; init; }
}

/// <summary>
/// The right to take an initial member away: whoever holds it was written here by compare-and-swap, so that of two that go at once, by
/// whichever way, one waits. It lasts until the holder's entry at the Master is gone.
/// </summary>
public sealed record GridSlot
{
    [Required, MaxLength(64), Description("UID of the KontenaNode that is being removed.")]
    public required string NodeUID { get; init; }

    [Required, MaxLength(253), Description("Its name.")]
    public required string Name { get; init; }

    [Required, Range(1, 7), Description("Its node number, which its successor inherits.")]
    public required int Number { get; init; }

    [Required, Format("date-time"), Description("Since when.")]
    public required DateTimeOffset Since { get; init; }
}
