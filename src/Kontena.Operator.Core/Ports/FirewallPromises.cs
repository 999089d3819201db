namespace Kontena.Operator.Core.Ports;

/// <summary>What a provider's firewalls can do.</summary>
/// <param name="ExpressesEsp">A rule can let protocol 50 in. False at providers that know TCP, UDP and ICMP alone.</param>
/// <param name="MembersAsSource">A rule can name all machines that have the same firewall; false: their addresses are written out.</param>
/// <param name="UsualMostRules">Rules a firewall may have before the account's limit is raised; for messages.</param>
public sealed record FirewallPromises(bool ExpressesEsp, bool MembersAsSource, int UsualMostRules);
