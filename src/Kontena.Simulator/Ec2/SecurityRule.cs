using System.Net;

namespace Kontena.Simulator.Ec2;

/// <summary>One rule of a security group: one protocol, one range of ports, one peer.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmpv6</c>, <c>-1</c> for all, or another protocol's number (50 is ESP).</param>
/// <param name="FromPort">The first port, or the ICMP type (-1: all). Null for protocols without ports.</param>
/// <param name="ToPort">The last port, or the ICMP code (-1: all). Null for protocols without ports.</param>
/// <param name="Peer">The source (outbound: the destination): a canonical IPv4 or IPv6 block, or the id of a group of the same VPC.</param>
public sealed record SecurityRule(string Id, string Protocol, int? FromPort, int? ToPort, string Peer, string? Description)
{
    internal RuleKey Key => new(Protocol, FromPort, ToPort, Peer);

    /// <summary>Null where the peer is a group.</summary>
    internal IPNetwork? Block { get; } = IPNetwork.TryParse(Peer, out var block) ? block : null;

    /// <summary>The number that the protocol has in a packet; -1 for all.</summary>
    internal int ProtocolNumber { get; } = Firewalls.IpProtocols.Number(Protocol);
}

/// <summary>What makes a rule the same rule: EC2 does not count the description.</summary>
internal sealed record RuleKey(string Protocol, int? FromPort, int? ToPort, string Peer);
