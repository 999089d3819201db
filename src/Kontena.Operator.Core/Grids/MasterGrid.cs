namespace Kontena.Operator.Core.Grids;

/// <summary>The grid itself, as the Master tells.</summary>
public sealed record MasterGrid
{
    public required string Name { get; init; }

    /// <summary>How many initial members (etcd) it was made for: 1, 3, 5 or 7.</summary>
    public required int InitialSize { get; init; }

    /// <summary>Addresses of the overlay, e.g. 10.81.0.0/16.</summary>
    public required string Subnet { get; init; }

    public string? Supernet { get; init; }

    public IReadOnlyList<string> TrustedSubnets { get; init; } = [];

    /// <summary>SHA-256 of the grid's token, 16 hex characters: the token never changes, so this tells a grid from another of the same name.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The overlay's password on every node.</summary>
    public required SecretText Token { get; init; }
}
