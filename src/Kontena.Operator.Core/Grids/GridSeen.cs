using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Grids;

/// <summary>Everything that a Grid's plan and status are made from.</summary>
public sealed record GridSeen
{
    public required GridSpec Spec { get; init; }

    public required long Generation { get; init; }

    public bool Deleting { get; init; }

    public required GridView View { get; init; }

    public bool HasFinalizer { get; init; }

    /// <summary>The Secrets that the Grid holds, as far as it remembers.</summary>
    public IReadOnlyList<string> HeldSecrets { get; init; } = [];

    /// <summary>The Secrets of its spec, each once.</summary>
    public IReadOnlyList<string> NamedSecrets { get; init; } = [];

    /// <summary>True where every Secret of the spec was last seen with our finalizer.</summary>
    public bool SecretsHeld { get; init; }

    /// <summary>Names of KontenaNodes that are of this Grid, in order.</summary>
    public IReadOnlyList<string> NodesLeft { get; init; } = [];

    /// <summary>Its firewalls at the providers of its pools.</summary>
    public OwnFirewallsSeen Firewalls { get; init; } = new() { Gone = true };

    /// <summary>True where no KontenaNode of that UID is known that has the slot of <see cref="GridStatus.Replacing"/>.</summary>
    public bool SlotHolderUnknown { get; init; }

    /// <summary>Why the Master did not take the list of trusted subnets; null where it did, or was not asked.</summary>
    public MasterTrouble? SubnetsTrouble { get; init; }
}
