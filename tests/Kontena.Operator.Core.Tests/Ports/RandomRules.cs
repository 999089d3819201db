using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Core.Tests.Ports;

/// <summary>Rules in a world so small that all of its flows can be tried one by one.</summary>
internal static class RandomRules
{
    private const int LastPort = 9;
    private static readonly IPNetwork[] networks4 = [.. Subnets("10.0.0.0", 28), IPNetwork.Parse("10.0.0.16/28"), IPNetwork.Parse("10.0.0.0/27"), IPNetwork.Parse("0.0.0.0/0")];
    private static readonly IPNetwork[] networks6 = [.. Subnets("2001:db8::", 125), IPNetwork.Parse("::/0")];

    public static Gen<IPNetwork> Network { get; } = Gen.Elements<IPNetwork>([.. networks4, .. networks6]);

    public static Gen<PortRule> Rule { get; } =
        from protocol in Gen.Elements(IpProtocol.Tcp, IpProtocol.Tcp, IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Esp, IpProtocol.Any)
        from port in Gen.Choose(1, LastPort)
        from more in Gen.Choose(0, LastPort - port)
        from network in Network
        from source in Gen.Frequency((8, Gen.Constant<RuleSource>(new RuleSource.Network(network))), (2, Gen.Constant<RuleSource>(RuleSource.Members.Instance)), (1, Gen.Constant<RuleSource>(new RuleSource.Other("sg-other"))))
        select new PortRule(protocol, protocol.HasPorts ? new PortRange(port, port + more) : PortRange.All, source);

    public static Arbitrary<PortRule[]> Set { get; } = Arb.From(Rule.ArrayOf());

    public static Arbitrary<FirewallRule[]> Have { get; } = Arb.From((from rule in Rule from ours in Gen.Elements(true, false) select new FirewallRule(rule, ours)).ArrayOf());

    /// <summary>Every protocol that differs, every port and one beyond, every source that differs.</summary>
    public static IReadOnlyList<Flow> Flows { get; } =
    [
        .. from protocol in new[] { IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Esp, IpProtocol.Icmp }
           from port in protocol.HasPorts ? Enumerable.Range(0, LastPort + 2) : [0]
           from address in Addresses().Select(a => a.ToString()).Append("members").Append("sg-other")
           select new Flow(protocol, port, address),
    ];

    /// <summary>All that the rules let in, by the meaning of a rule alone.</summary>
    public static HashSet<Flow> LetIn(IEnumerable<PortRule> rules) => [.. rules.SelectMany(rule => Flows.Where(flow => LetsIn(rule, flow)))];

    public static PortRule[] Shuffled(IEnumerable<PortRule> rules, int seed)
    {
        var mixed = rules.ToArray();
        new Random(seed).Shuffle(mixed);
        return mixed;
    }

    private static bool LetsIn(PortRule rule, Flow flow) =>
        (rule.Protocol == IpProtocol.Any || rule.Protocol == flow.Protocol)
        && (!rule.Protocol.HasPorts || (rule.Ports.From <= flow.Port && flow.Port <= rule.Ports.To))
        && rule.Source switch
        {
            RuleSource.Network network => IPAddress.TryParse(flow.Source, out var address) && network.Addresses.Contains(address),
            RuleSource.Members => flow.Source == "members",
            RuleSource.Other other => flow.Source == other.Name,
            _ => throw new InvalidOperationException("a new kind of source"),
        };

    private static IEnumerable<IPAddress> Addresses() =>
    [
        .. Enumerable.Range(0, 33).Select(i => IPAddress.Parse($"10.0.0.{i}")),
        .. Enumerable.Range(0, 9).Select(i => IPAddress.Parse($"2001:db8::{i:x}")),
        IPAddress.Parse("9.255.255.255"),
        IPAddress.Parse("255.255.255.255"),
        IPAddress.IPv6Any,
    ];

    private static IEnumerable<IPNetwork> Subnets(string address, int longest)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        for (var prefix = longest; prefix <= bytes.Length * 8; prefix++)
            for (var i = 0; i < 1 << (prefix - longest); i++)
            {
                var part = bytes.ToArray();
                part[^1] = (byte)(i << (bytes.Length * 8 - prefix));
                yield return new IPNetwork(new IPAddress(part), prefix);
            }
    }
}

/// <param name="Source">An address, <c>members</c>, or another source's name.</param>
internal sealed record Flow(IpProtocol Protocol, int Port, string Source);
