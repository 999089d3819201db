using System.Globalization;
using System.Net;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Ports;

/// <summary>Which ways in the operator wants open. Canonical (<see cref="PortRules.Canonical"/>), so equal policies are equal lists.</summary>
public static class PortPolicy
{
    /// <summary>What Kontena's own AWS plugin opened for ssh and its VPN service (kontena-plugin-aws lib/kontena/machine/aws/common.rb), there to everybody.</summary>
    private const int SshPort = 22;

    private const int VpnPort = 1194;

    /// <summary>Weave's control connection (TCP 6783), its data in user space (UDP 6783) and in the kernel (UDP 6784): weave site/faq.md.</summary>
    private static readonly PortRange overlay = new(6783, 6784);

    /// <summary>
    /// The pool's own rules, which its spec asks for: <c>ports</c>, <c>ssh</c> (TCP 22) and <c>vpn</c> (UDP 1194), a network each. Nothing else is open.
    /// </summary>
    /// <exception cref="FormatException">A port or network that <see cref="Validation"/> refuses.</exception>
    public static IReadOnlyList<PortRule> OfPool(NetworkSpec? network)
    {
        if (network is null) return [];
        var ports = (network.Ports ?? []).SelectMany(p => From(p.Protocol is PortProtocol.UDP ? IpProtocol.Udp : IpProtocol.Tcp, Range(p.Port), p.Sources));
        var ssh = From(IpProtocol.Tcp, PortRange.Of(SshPort), network.Ssh?.Sources ?? []);
        var vpn = From(IpProtocol.Udp, PortRange.Of(VpnPort), network.Vpn?.Sources ?? []);
        return PortRules.Canonical([.. ports, .. ssh, .. vpn]);
    }

    /// <summary>
    /// The overlay's duty: what members of a grid need of each other and nobody writes down. TCP and UDP 6783-6784, and ESP (protocol 50), which carries
    /// the encrypted overlay since Weave 1.9 and which Kontena's plugins forgot to open (weave site/using-weave/fastdp.md).
    /// </summary>
    /// <param name="esp">Some pool of the grid wants the kernel's encryption, and the provider's rules can name protocol 50.</param>
    /// <param name="elsewhere">Addresses of members that have another network's firewall, /32 or /128 each.</param>
    /// <param name="members">Null where a rule can name all that have the same firewall; else these members' addresses, which are written out instead.</param>
    public static IReadOnlyList<PortRule> OfMembers(bool esp, IReadOnlyList<IPNetwork> elsewhere, IReadOnlyList<IPNetwork>? members = null)
    {
        IEnumerable<RuleSource> from = NetworkSet.Fewest([.. elsewhere, .. members ?? []]).Select(n => new RuleSource.Network(n));
        if (members is null) from = from.Prepend(RuleSource.Members.Instance);
        return PortRules.Canonical(from.SelectMany(source => Overlay(esp, source)));
    }

    private static IEnumerable<PortRule> Overlay(bool esp, RuleSource source)
    {
        yield return new PortRule(IpProtocol.Tcp, overlay, source);
        yield return new PortRule(IpProtocol.Udp, overlay, source);
        if (esp) yield return new PortRule(IpProtocol.Esp, PortRange.All, source);
    }

    private static IEnumerable<PortRule> From(IpProtocol protocol, PortRange ports, IEnumerable<string> sources) =>
        sources.Select(s => new PortRule(protocol, ports, new RuleSource.Network(IPNetwork.Parse(s))));

    private static PortRange Range(string text) =>
        PortRange.TryParse(text, out var range) ? range : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{text} is no port and no range of them."));
}
