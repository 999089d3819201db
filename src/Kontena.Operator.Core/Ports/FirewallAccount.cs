namespace Kontena.Operator.Core.Ports;

/// <summary>Whose firewalls, and where: one provider, one scope, one set of credentials.</summary>
/// <param name="CredentialsSecret">In the owner's namespace; null for the operator's own surroundings.</param>
public sealed record FirewallAccount(string Provider, string Scope, string? CredentialsSecret);
