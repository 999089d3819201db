using System.Globalization;
using System.Xml.Linq;

namespace Kontena.Simulator.Tests.Ec2;

/// <summary>Calls about security groups in a few words.</summary>
internal static class GroupCalls
{
    /// <summary>Makes a group and gives its id.</summary>
    public static async Task<string> GroupAsync(this Ec2Session ec2, string name, params string[] more) =>
        (await ec2.CallAsync("CreateSecurityGroup", ["GroupName", name, "GroupDescription", "of a test", .. more])).Text("groupId");

    /// <summary>Parameters of one permission with one peer: <c>tcp 80-81 10.0.0.0/8</c>, <c>50 - sg-0123</c>; the ports are left out where they are <c>-</c>.</summary>
    public static IEnumerable<string> Permission(string rule, int number = 1, string? description = null)
    {
        var (protocol, ports, peer) = rule.Split(' ') is [var first, var second, var third] ? (first, second, third) : throw new ArgumentException(rule);
        var at = string.Create(CultureInfo.InvariantCulture, $"IpPermissions.{number}.");
        var list = peer.StartsWith("sg-", StringComparison.Ordinal) ? "Groups.1." : peer.Contains(':') ? "Ipv6Ranges.1." : "IpRanges.1.";
        yield return at + "IpProtocol";
        yield return protocol;
        if (ports != "-")
            foreach (var text in (string[])[at + "FromPort", ports.Split('-')[0], at + "ToPort", ports.Split('-')[^1]]) yield return text;
        yield return at + list + (list[0] == 'G' ? "GroupId" : list[2] == 'v' ? "CidrIpv6" : "CidrIp");
        yield return peer;
        if (description is null) yield break;
        yield return at + list + "Description";
        yield return description;
    }

    public static Task<Ec2Answer> AuthorizeAsync(this Ec2Session ec2, string group, params string[] rules) =>
        ec2.CallAsync("AuthorizeSecurityGroupIngress", ["GroupId", group, .. rules.SelectMany((rule, index) => Permission(rule, index + 1))]);

    public static Task<Ec2Answer> RevokeAsync(this Ec2Session ec2, string group, params string[] rules) =>
        ec2.CallAsync("RevokeSecurityGroupIngress", ["GroupId", group, .. rules.SelectMany((rule, index) => Permission(rule, index + 1))]);

    /// <summary>The inbound permissions as they are described: <c>tcp 80-80 [10.0.0.0/8 web] [sg-0123]</c>.</summary>
    public static async Task<IReadOnlyList<string>> DescribedAsync(this Ec2Session ec2, string group, string list = "ipPermissions")
    {
        var answer = await ec2.CallAsync("DescribeSecurityGroups", "GroupId.1", group);
        return [.. answer.Root.Descendants().Single(e => e.Name.LocalName == list).Elements().Select(Line)];
    }

    private static string Line(XElement permission)
    {
        string? Value(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
        var peers = permission.Elements().Where(e => e.HasElements).SelectMany(e => e.Elements())
            .Select(peer => $"[{string.Join(' ', peer.Elements().Where(e => e.Name.LocalName != "userId").Select(e => e.Value))}]");
        var ports = Value(permission, "fromPort") is { } from ? $"{from}-{Value(permission, "toPort")}" : "-";
        return $"{Value(permission, "ipProtocol")} {ports} {string.Join(' ', peers)}";
    }
}
