using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>What is, as far as it was observed. Computed by <c>PoolStatus</c>, written only when more than a time changed.</summary>
public sealed record NodePoolStatus
{
    [Description("How many nodes exist, those being removed included.")]
    public int Replicas { get; init; }

    [Description("How many nodes are ready.")]
    public int ReadyReplicas { get; init; }

    [Description("How many nodes have the current revision.")]
    public int UpdatedReplicas { get; init; }

    [Description("How many nodes are ready and stay.")]
    public int AvailableReplicas { get; init; }

    [Description("Label selector of the pool's nodes, for autoscalers.")]
    public string? Selector { get; init; }

    [Description("The generation that this status was made from.")]
    public long ObservedGeneration { get; init; }

    [Description("Hash of what a new node is made from.")]
    public string? CurrentRevision { get; init; }

    [Description("How many machines each zone has.")]
    public IReadOnlyDictionary<string, int>? Zones { get; init; }

    [ListMap("name"), MaxLength(32), Description("Firewalls at the provider that belong to the pool: they open its ports, and go with it.")]
    public IReadOnlyList<FirewallRef>? Firewalls { get; init; }

    [ListMap("type"), MaxLength(32), Description("What is known about the pool.")]
    public IReadOnlyList<Condition> Conditions { get; init => field = value ?? []; } = [];
}
