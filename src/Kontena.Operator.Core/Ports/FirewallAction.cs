namespace Kontena.Operator.Core.Ports;

/// <summary>One thing to do to one firewall of an owner.</summary>
/// <param name="Name">The firewall's.</param>
public abstract record FirewallAction(FirewallAccount Account, string Name)
{
    /// <summary>Make it, without rules.</summary>
    public sealed record Make(FirewallAccount Account, string Name, string Network) : FirewallAction(Account, Name);

    public sealed record Open(FirewallAccount Account, string Name, string Id, IReadOnlyList<PortRule> Rules) : FirewallAction(Account, Name);

    public sealed record Close(FirewallAccount Account, string Name, string Id, IReadOnlyList<PortRule> Rules) : FirewallAction(Account, Name);

    public sealed record Delete(FirewallAccount Account, string Name, string Id) : FirewallAction(Account, Name);
}
