using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Ipsec;

/// <summary>What is known of a grid that its overlay's encryption depends on.</summary>
public sealed record IpsecGrid
{
    /// <summary>What each of our pools in the grid asks for.</summary>
    public IReadOnlyList<PoolIpsec> Pools { get; init; } = [];

    /// <summary>All nodes of the grid, whoever made them; null before the Master told.</summary>
    public IReadOnlyList<GridMember>? Members { get; init; }

    /// <summary>The grid's trusted subnets as the Master has them; null before it told.</summary>
    public IReadOnlyList<string>? TrustedSubnets { get; init; }

    /// <summary>Those of the Grid's spec, which the Master is about to get; null where they are not managed.</summary>
    public IReadOnlyList<string>? DeclaredSubnets { get; init; }

    /// <summary>Names at the Master of the members whose firewalls keep ESP out, as far as they were read.</summary>
    public IReadOnlyCollection<string> EspClosed { get; init; } = [];
}

/// <summary>What a pool asks of the overlay's encryption.</summary>
public sealed record PoolIpsec(string Pool, IpsecMode Mode);
