using Kontena.Operator.Core.Api.Providers;

namespace Kontena.Operator.Core.Ports;

/// <summary>What a firewall is made from. It is made empty: rules come after.</summary>
public sealed record FirewallRequest
{
    public required FirewallMarks Marks { get; init; }

    /// <summary>From <see cref="FirewallName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people at the provider's console.</summary>
    public required string Description { get; init; }

    /// <summary>The network that it is for, one of <see cref="IFirewallDriver.NetworksAsync"/>.</summary>
    public required string Network { get; init; }

    /// <summary>For the tags that users want on everything; null where the owner has no provider block of its own (a Grid).</summary>
    public ProviderSettings? Settings { get; init; }

    public override string ToString() => $"firewall {Name}";
}
