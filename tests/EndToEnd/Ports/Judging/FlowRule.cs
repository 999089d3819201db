using System.Globalization;
using System.Net;
using System.Numerics;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Ports.Judging;

/// <summary>A rule as the judge reads it, whoever wrote it: one protocol, one range of ports, one source.</summary>
/// <param name="Protocol">IP protocol number.</param>
/// <param name="Peer">A network, or <see cref="Self"/>.</param>
internal sealed record FlowRule(int Protocol, int From, int To, string Peer)
{
    /// <summary>Every machine that has the same group.</summary>
    public const string Self = "self";

    private const int LastPort = 65535;

    public static FlowRule Of(SecurityGroupSnapshot group, SecurityRule rule) => new(Number(rule.Protocol), rule.FromPort ?? 0, rule.ToPort ?? LastPort, rule.Peer == group.Id ? Self : rule.Peer);

    public static FlowRule Esp(string peer) => new(50, 0, LastPort, peer);

    /// <summary>
    /// The flows that one of two sets of rules lets in and the other does not. Rules change their mind only at their bounds: a flow at each bound of
    /// either set, and one beside it, stand for all others.
    /// </summary>
    public static IEnumerable<string> Differences(IReadOnlyCollection<FlowRule> one, IReadOnlyCollection<FlowRule> other) =>
        Samples([.. one, .. other]).Where(s => s.In(one) != s.In(other)).Select(s => s.ToString());

    /// <summary>Flows at the bounds of these rules that both sets let in.</summary>
    public static IEnumerable<FlowSample> Common(IReadOnlyCollection<FlowRule> one, IReadOnlyCollection<FlowRule> other) =>
        Samples([.. one, .. other]).Where(s => s.In(one) && s.In(other));

    public bool Admits(FlowSample flow) => Protocol == flow.Protocol && From <= flow.Port && flow.Port <= To
        && (Peer == Self ? flow.From is null : flow.From is { } from && IPNetwork.Parse(Peer).Contains(from));

    private static List<FlowSample> Samples(IReadOnlyCollection<FlowRule> rules) =>
    [
        .. from protocol in rules.Select(r => r.Protocol).Distinct()
           from port in rules.SelectMany(r => new[] { r.From - 1, r.From, r.To, r.To + 1 }).Where(p => p is >= 0 and <= LastPort).Distinct()
           from peer in rules.SelectMany(r => Bounds(r.Peer)).Distinct()
           select new FlowSample(protocol, port, peer),
    ];

    /// <summary>The first and last address of a network and those beside them; null for a member.</summary>
    private static IEnumerable<IPAddress?> Bounds(string peer)
    {
        if (peer == Self) return [null];
        var network = IPNetwork.Parse(peer);
        var bytes = network.BaseAddress.GetAddressBytes();
        var first = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var all = BigInteger.One << bytes.Length * 8;
        var last = first + (BigInteger.One << bytes.Length * 8 - network.PrefixLength) - 1;
        return new[] { first - 1, first, last, last + 1 }.Where(n => n >= 0 && n < all).Select(n => Address(n, bytes.Length));
    }

    private static IPAddress Address(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return new IPAddress([.. new byte[length - bytes.Length], .. bytes]);
    }

    private static int Number(string protocol) => protocol switch
    {
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmpv6" => 58,
        _ => int.Parse(protocol, CultureInfo.InvariantCulture),
    };
}
