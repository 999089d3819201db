using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>Only what can be observed again: losing it loses nothing but history.</summary>
public sealed record KontenaNodeStatus
{
    [MaxLength(16), Description("The machine's addresses, private ones first.")]
    public IReadOnlyList<string>? Addresses { get; init; }

    [MaxLength(64), Description("The zone that the machine is in.")]
    public string? Zone { get; init; }

    [Description("The machine's state as the provider tells it.")]
    public string? MachineState { get; init; }

    [MaxLength(128), Description("The id with which the node joined its grid: its Docker Engine ID, or the one that was chosen for it.")]
    public string? EngineID { get; init; }

    [MaxLength(64), Description("Version of Docker, as the agent tells it.")]
    public string? DockerVersion { get; init; }

    [MaxLength(64), Description("Version of the agent.")]
    public string? AgentVersion { get; init; }

    [Description("The node's number in its grid.")]
    public int? NodeNumber { get; init; }

    [Description("True where the node runs etcd for its grid.")]
    public bool? InitialMember { get; init; }

    [MaxLength(64), Description("The node's address in the grid's overlay network.")]
    public string? OverlayIP { get; init; }

    [Format("date-time"), Description("When the node was first seen online in its grid.")]
    public DateTimeOffset? JoinedAt { get; init; }

    [Description("The generation that this status was made from.")]
    public long ObservedGeneration { get; init; }

    [ListMap("type"), MaxLength(32), Description("What is known about the node.")]
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];

    [MaxLength(20), Description("The last decisions about this node, newest last.")]
    public IReadOnlyList<JournalEntry> Journal { get; init => field = value ?? []; } = [];
}

/// <summary>One decision and why it was taken.</summary>
public sealed record JournalEntry
{
    [Required, Format("date-time"), Description("When.")]
    public required DateTimeOffset Time { get; init; }

    [Required, MaxLength(128), Description("One word for programs.")]
    public required string Reason { get; init; }

    [Required, MaxLength(1024), Description("A sentence for people.")]
    public required string Message { get; init; }
}
