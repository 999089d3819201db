namespace Kontena.Simulator.Kontena;

/// <summary>A grid that is there before anybody calls.</summary>
public sealed record GridOptions
{
    public required string Name { get; init; }

    /// <summary>How many initial members it has, 1 to 7: the nodes with these lowest numbers run etcd.</summary>
    public int InitialSize { get; init; } = 1;

    /// <summary>The grid token; null: a random one of 64 bytes in base64, as the Master makes it. Secret.</summary>
    public string? Token { get; init; }

    public string Subnet { get; init; } = "10.81.0.0/16";

    public string Supernet { get; init; } = "10.80.0.0/12";

    public IReadOnlyList<string> TrustedSubnets { get; init; } = [];

    public override string ToString() => Name;
}
