using System.Net.Sockets;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Reads <c>IpPermissions.N</c>: every permission checked, and cut into rules of one peer each, before anything is done.</summary>
internal static class PermissionReader
{
    public static ParameterRule[] Parameters { get; } =
    [
        Text("GroupId"), Text("IpPermissions.N.IpProtocol"), Integer("IpPermissions.N.FromPort"), Integer("IpPermissions.N.ToPort"),
        Text("IpPermissions.N.IpRanges.N.CidrIp"), Text("IpPermissions.N.IpRanges.N.Description"),
        Text("IpPermissions.N.Ipv6Ranges.N.CidrIpv6"), Text("IpPermissions.N.Ipv6Ranges.N.Description"),
        Text("IpPermissions.N.Groups.N.GroupId"), Text("IpPermissions.N.Groups.N.UserId"), Text("IpPermissions.N.Groups.N.Description"),
    ];

    /// <summary>The rules asked for; at least one.</summary>
    public static IReadOnlyList<RuleDraft> Read(ActionCall call, SecurityGroup of)
    {
        var drafts = call.Parameters.Branches("IpPermissions").SelectMany(permission => One(call, of, permission)).ToList();
        if (drafts.Count == 0) throw Refusal.Missing("ipPermissions");
        return drafts.DistinctBy(d => d.Key).Count() == drafts.Count ? drafts
            : throw Refusal.InvalidValue("The same permission must not appear multiple times");
    }

    private static List<RuleDraft> One(ActionCall call, SecurityGroup of, QueryParameters permission)
    {
        var protocol = IpProtocols.Canonical(permission.Required("IpProtocol"));
        var (from, to) = IpProtocols.Ports(protocol, permission.Integer("FromPort"), permission.Integer("ToPort"));
        var peers = permission.Branches("IpRanges").Select(range => (Peer: Block(range, "CidrIp", AddressFamily.InterNetwork), At: range))
            .Concat(permission.Branches("Ipv6Ranges").Select(range => (Peer: Block(range, "CidrIpv6", AddressFamily.InterNetworkV6), At: range)))
            .Concat(permission.Branches("Groups").Select(pair => (Peer: Group(call, of, pair), At: pair)));
        var drafts = peers.Select(p => new RuleDraft(new(protocol, from, to, p.Peer), GroupRules.Description(p.At.Text("Description")))).ToList();
        return drafts.Count > 0 ? drafts
            : throw new ApiException(400, "InvalidPermission.Malformed", "The permission names no source: an IP range or a security group is required.");
    }

    private static string Block(QueryParameters range, string name, AddressFamily family)
    {
        var asked = range.Required(name);
        return CidrBlocks.Canonical(asked, family) ?? throw Refusal.InvalidValue($"CIDR block {asked} is malformed");
    }

    private static string Group(ActionCall call, SecurityGroup of, QueryParameters pair)
    {
        if (pair.Text("UserId") is { } user && user != call.AccountId) throw Refusal.NotSimulated("A group of another account");
        var group = GroupLookup.ById(call, pair.Required("GroupId"));
        return group.Vpc == of.Vpc ? group.Id : throw GroupLookup.TwoNetworks();
    }
}
