namespace Kontena.Operator.Core.Ports;

/// <summary>A network in which an owner needs a firewall, and what that lets in there.</summary>
/// <param name="Want">In the form of <see cref="PortRules"/>.</param>
public sealed record FirewallPlace(FirewallAccount Account, string Network, IReadOnlyList<PortRule> Want);
