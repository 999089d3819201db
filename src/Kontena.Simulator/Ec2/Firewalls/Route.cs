using System.Net;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>
/// A packet's way from one running instance to another. By private addresses it stays within a VPC, and rules about groups apply; by a public address it
/// leaves the VPC, the target sees the source's public address, and no group vouches for it (EC2 user guide, security group rules).
/// </summary>
internal readonly record struct Route(Instance From, Instance To, IPAddress Source, IPAddress Target, bool WithinVpc)
{
    /// <summary>The way to an address; null where there is none, for example from a machine without a public address to one.</summary>
    public static Route? Find(AddressBook addresses, Instance from, string toAddress, DateTimeOffset now)
    {
        if (addresses.At(from.Subnet.Vpc, toAddress) is not { } to || !Runs(from, now) || !Runs(to, now)) return null;
        if (from.Subnet.Vpc == to.Subnet.Vpc && to.Identity.PrivateAddress == toAddress) return new(from, to, from.PrivateAddress, to.PrivateAddress, true);
        return from.PublicAddress is { } source && to.PublicAddress is { } target ? new(from, to, source, target, false) : null;
    }

    /// <summary>The way that peers take: by private addresses where they are in one VPC.</summary>
    public static Route? Between(Instance from, Instance to, DateTimeOffset now)
    {
        if (!Runs(from, now) || !Runs(to, now)) return null;
        if (from.Subnet.Vpc == to.Subnet.Vpc) return new(from, to, from.PrivateAddress, to.PrivateAddress, true);
        return from.PublicAddress is { } source && to.PublicAddress is { } target ? new(from, to, source, target, false) : null;
    }

    public bool Opens(Packet packet) => From == To
        || (Firewall.Admits(From.Groups, RuleDirection.Outbound, packet, Target, WithinVpc ? To.Groups : [])
            && Firewall.Admits(To.Groups, RuleDirection.Inbound, packet, Source, WithinVpc ? From.Groups : []));

    public static bool Runs(Instance instance, DateTimeOffset now) => instance.StateAt(now) == InstanceState.Running;
}
