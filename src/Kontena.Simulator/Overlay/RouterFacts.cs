using System.Net;

namespace Kontena.Simulator.Overlay;

/// <summary>What a router was launched with, and what its machine gives it.</summary>
internal sealed record RouterFacts
{
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required string HostName { get; init; }

    /// <summary>The grid token that its agent had; null or empty: it does not encrypt. Secret.</summary>
    public string? Password { get; init; }

    public IReadOnlyList<IPNetwork> TrustedSubnets { get; init; } = [];

    public bool KernelEsp { get; init; } = true;

    public required string PrivateAddress { get; init; }

    /// <summary>Where its packets come from outside of its own network.</summary>
    public required string PublicAddress { get; init; }

    public bool HasPassword => !string.IsNullOrEmpty(Password);

    public bool Trusts(string address) => IPAddress.TryParse(address, out var ip) && TrustedSubnets.Any(subnet => subnet.Contains(ip));

    /// <summary>The name as weave writes it. A record prints its fields; this one holds a secret.</summary>
    public override string ToString() => $"{Name}({HostName})";
}
