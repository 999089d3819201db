using System.Net;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>Whether security groups let a packet pass: any rule of any of them is enough.</summary>
internal static class Firewall
{
    private const int Icmp = 1;
    private const int IcmpV6 = 58;

    /// <param name="peer">The other end's address, as the machine behind the groups sees it.</param>
    /// <param name="peerGroups">The other end's groups, where it is in the same VPC and reached by its private address.</param>
    public static bool Admits(
        IReadOnlyList<SecurityGroup> groups, RuleDirection direction, Packet packet, IPAddress peer, IReadOnlyList<SecurityGroup> peerGroups)
    {
        foreach (var group in groups)
            foreach (var rule in group.Rules(direction))
                if (CoversPacket(rule, packet) && CoversPeer(rule, peer, peerGroups)) return true;
        return false;
    }

    private static bool CoversPacket(SecurityRule rule, Packet packet)
    {
        if (rule.ProtocolNumber == -1) return true;
        if (rule.ProtocolNumber != packet.Protocol) return false;
        // A packet here has no ICMP code; its type stands in place of the port.
        if (packet.Protocol is Icmp or IcmpV6) return rule.FromPort is null or -1 || rule.FromPort == packet.Port;
        return rule.FromPort is null || (rule.FromPort <= packet.Port && packet.Port <= rule.ToPort);
    }

    private static bool CoversPeer(SecurityRule rule, IPAddress peer, IReadOnlyList<SecurityGroup> peerGroups)
    {
        if (rule.Block is { } block) return block.Contains(peer);
        foreach (var group in peerGroups)
            if (group.Id == rule.Peer) return true;
        return false;
    }
}
