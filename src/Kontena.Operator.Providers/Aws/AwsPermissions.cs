using System.Globalization;
using System.Net;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Aws;

/// <summary>Rules as EC2's permissions, and back.</summary>
internal static class AwsPermissions
{
    /// <summary>
    /// The description that makes a rule ours. Whole ids: EC2's descriptions have room for 255 characters, and a part of an id would
    /// take a rule that another installation made for ours.
    /// </summary>
    public static string MarkOf(FirewallMarks owner) => $"kontena {owner.Installation}/{owner.OwnerUid}";

    /// <exception cref="ArgumentException">A source that is never asked for.</exception>
    public static Ec2Rule Of(PortRule rule, string groupId, FirewallMarks owner)
    {
        var (from, to) = PortsOf(rule);
        Ec2Source source = rule.Source switch
        {
            RuleSource.Network { Addresses: { BaseAddress.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } v6 } => new Ec2Source.Ipv6(v6.ToString()),
            RuleSource.Network v4 => new Ec2Source.Ipv4(v4.Addresses.ToString()),
            RuleSource.Members => new Ec2Source.Group(groupId, null),
            _ => throw new ArgumentException($"a rule from {rule.Source} cannot be asked for", nameof(rule)),
        };
        return new Ec2Rule(NameOf(rule.Protocol), from, to, source, MarkOf(owner));
    }

    public static Firewall From(Ec2SecurityGroup group)
    {
        var marks = AwsTags.FirewallMarksOf(group.Tags);
        return new Firewall
        {
            Id = group.Id,
            Name = group.Name,
            Network = group.VpcId ?? "",
            Marks = marks,
            Rules = [.. group.Ingress.Select(p => new FirewallRule(RuleOf(p, group), IsOurs(p, marks)))],
            LetsAllOut = group.Egress.Any(p => p is { Protocol: "-1", Source: Ec2Source.Ipv4 { Cidr: "0.0.0.0/0" } }),
        };
    }

    /// <summary>Ours is what says so and belongs to the group's own owner: a copied group has its rules' descriptions copied too.</summary>
    public static bool IsOurs(Ec2Rule permission, FirewallMarks? groupsOwner) =>
        groupsOwner is not null && permission.Description == MarkOf(groupsOwner);

    public static PortRule RuleOf(Ec2Rule permission, Ec2SecurityGroup group)
    {
        var source = SourceOf(permission.Source, group);
        return ProtocolOf(permission.Protocol) is { } protocol
            ? new PortRule(protocol, PortsOf(permission, protocol), source)
            : new PortRule(IpProtocol.Any, PortRange.All, new RuleSource.Other($"{source}, protocol '{permission.Protocol}'"));
    }

    private static string NameOf(IpProtocol protocol) => protocol.Number switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "icmpv6",
        var number => number.ToString(CultureInfo.InvariantCulture),
    };

    private static IpProtocol? ProtocolOf(string name) => name switch
    {
        "icmp" => IpProtocol.Icmp,
        "tcp" => IpProtocol.Tcp,
        "udp" => IpProtocol.Udp,
        "icmpv6" => IpProtocol.Icmp6,
        _ when int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= -1 and <= 255 => new IpProtocol(number),
        _ => null,
    };

    /// <summary>EC2 lets a protocol without ports through whatever range is sent, so none is; of ICMP it wants to hear -1 for all types and codes.</summary>
    private static (int? From, int? To) PortsOf(PortRule rule) => rule.Protocol switch
    {
        { HasPorts: true } => (rule.Ports.From, rule.Ports.To),
        var icmp when HasTypes(icmp) => rule.Ports == PortRange.All ? (-1, -1) : (rule.Ports.From, rule.Ports.To),
        _ => (null, null),
    };

    /// <summary>A rule for one type of ICMP has type and code where others have ports: it must not read as one for all of it.</summary>
    private static PortRange PortsOf(Ec2Rule permission, IpProtocol protocol) => permission switch
    {
        { FromPort: { } from, ToPort: { } to } when protocol.HasPorts || (HasTypes(protocol) && from >= 0) => new PortRange(from, to),
        _ => PortRange.All,
    };

    private static bool HasTypes(IpProtocol protocol) => protocol == IpProtocol.Icmp || protocol == IpProtocol.Icmp6;

    private static RuleSource SourceOf(Ec2Source source, Ec2SecurityGroup group) => source switch
    {
        Ec2Source.Ipv4 v4 => NetworkOf(v4.Cidr),
        Ec2Source.Ipv6 v6 => NetworkOf(v6.Cidr),
        Ec2Source.Group own when own.Id == group.Id && (own.Account is null || group.OwnerId is null || own.Account == group.OwnerId) => RuleSource.Members.Instance,
        Ec2Source.Group other => new RuleSource.Other($"security group {(other.Account is { } account ? $"{account}/" : "")}{other.Id ?? "that is deleted"}"),
        Ec2Source.PrefixList prefixes => new RuleSource.Other($"prefix list {prefixes.Id}"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "unknown source"),
    };

    private static RuleSource NetworkOf(string cidr) =>
        IPNetwork.TryParse(cidr, out var network) ? new RuleSource.Network(network) : new RuleSource.Other(cidr);
}
