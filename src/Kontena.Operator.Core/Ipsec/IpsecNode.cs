using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Ipsec;

/// <summary>What is known of one node that its encryption depends on.</summary>
public sealed record IpsecNode
{
    /// <summary>At the Master.</summary>
    public required string Name { get; init; }

    public required string Pool { get; init; }

    /// <summary>What its machine was made for.</summary>
    public required IpsecMode Mode { get; init; }

    /// <summary>ESP may come in from members (<see cref="Ports.PortsVerdict.EspOpen"/>); null where it is not known.</summary>
    public bool? EspOpen { get; init; }

    /// <summary>The provider's rules can name protocol 50.</summary>
    public bool ExpressesEsp { get; init; } = true;

    /// <summary>Its bootstrap had the grid's token, which is the overlay's password. Every bootstrap of ours has it.</summary>
    public bool HasGridToken { get; init; } = true;
}
