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
    private static readonly IPAddress[] addresses = [.. Addresses()];
    private static readonly Dictionary<IPNetwork, HashSet<IPAddress>> inside = networks4.Concat(networks6).Distinct().ToDictionary(n => n, n => addresses.Where(n.Contains).ToHashSet());

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
           from source in addresses.Select(a => (Address: (IPAddress?)a, Name: "")).Append((null, "members")).Append((null, "sg-other"))
           select new Flow(protocol, port, source.Address, source.Name),
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
            RuleSource.Network network => flow.Address is { } address && (inside.TryGetValue(network.Addresses, out var some) ? some.Contains(address) : network.Addresses.Contains(address)),
            RuleSource.Members => flow.Name == "members",
            RuleSource.Other other => flow.Name == other.Name,
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

/// <summary>One of <see cref="RandomRules.Flows"/>, compared by reference: there are no two alike.</summary>
internal sealed class Flow(IpProtocol protocol, int port, IPAddress? address, string name)
{
    public IpProtocol Protocol => protocol;

    public int Port => port;

    /// <summary>Null where it is from members, or from what only has a name.</summary>
    public IPAddress? Address => address;

    public string Name => name;
}
