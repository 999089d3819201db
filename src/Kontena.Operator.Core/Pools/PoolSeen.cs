using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools;

/// <summary>Everything that a pool's plan and status are made from.</summary>
public sealed record PoolSeen
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long Generation { get; init; }

    public required NodePoolSpec Spec { get; init; }

    public bool Deleting { get; init; }

    /// <summary>Every node that names this pool's UID as its owner, those being deleted included.</summary>
    public required IReadOnlyList<NodeView> Nodes { get; init; }

    /// <summary>Set where nothing may be created or deleted (installation moved).</summary>
    public Freeze? Frozen { get; init; }

    /// <summary>Machines with this pool's marks that belong to no known node; not empty means data was put back.</summary>
    public IReadOnlyList<string> UnknownMachines { get; init; } = [];

    /// <summary>
    /// True where the last listing shows a living machine of this installation: the account is the one that machines were made in. Wrong
    /// credentials show an empty one, truthfully.
    /// </summary>
    public bool AccountShowsMachines { get; init; }

    /// <summary>What the last contact with the provider said.</summary>
    public required ProviderSeen Provider { get; init; }
}
