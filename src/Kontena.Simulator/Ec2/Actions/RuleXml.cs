using System.Net.Sockets;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Writes rules in EC2's two forms: merged into permissions, and one by one.</summary>
internal static class RuleXml
{
    /// <summary>Rules of one protocol and one range of ports are one permission with many peers; the description stays with the peer.</summary>
    public static void Permissions(ActionCall call, AnswerXml xml, string name, IEnumerable<SecurityRule> rules) =>
        xml.List(name, rules.GroupBy(r => (r.Protocol, r.FromPort, r.ToPort)), permission =>
        {
            Ports(xml, permission.Key.Protocol, permission.Key.FromPort, permission.Key.ToPort);
            xml.List("groups", permission.Where(r => r.Block is null), rule =>
            {
                xml.Text("userId", call.AccountId);
                xml.Text("groupId", rule.Peer);
                xml.Text("description", rule.Description);
            });
            Blocks(xml, "ipRanges", "cidrIp", permission.Where(IsIpv4));
            Blocks(xml, "ipv6Ranges", "cidrIpv6", permission.Where(IsIpv6));
            xml.Element("prefixListIds", () => { });
        });

    /// <summary>Rules as the calls that add them answer.</summary>
    public static void Added(ActionCall call, AnswerXml xml, SecurityGroup group, RuleDirection direction, IEnumerable<SecurityRule> rules) =>
        xml.List("securityGroupRuleSet", rules, rule =>
        {
            Head(xml, group, direction, rule, () => xml.Text("groupOwnerId", call.AccountId));
            if (rule.Block is null)
                xml.Element("referencedGroupInfo", () =>
                {
                    xml.Text("groupId", rule.Peer);
                    xml.Text("userId", call.AccountId);
                });
            xml.Text("description", rule.Description);
            xml.Text("securityGroupRuleArn", Arn(call, "security-group-rule", rule.Id));
        });

    /// <summary>Rules as the calls that take them away answer.</summary>
    public static void Revoked(AnswerXml xml, SecurityGroup group, RuleDirection direction, IEnumerable<SecurityRule> rules) =>
        xml.List("revokedSecurityGroupRuleSet", rules, rule =>
        {
            Head(xml, group, direction, rule, () => { });
            if (rule.Block is null) xml.Text("referencedGroupId", rule.Peer);
            xml.Text("description", rule.Description);
        });

    public static string Arn(ActionCall call, string kind, string id) => $"arn:aws:ec2:{call.Region.Name}:{call.AccountId}:{kind}/{id}";

    private static void Head(AnswerXml xml, SecurityGroup group, RuleDirection direction, SecurityRule rule, Action owner)
    {
        xml.Text("securityGroupRuleId", rule.Id);
        xml.Text("groupId", group.Id);
        owner();
        xml.Flag("isEgress", direction == RuleDirection.Outbound);
        // Here, unlike in permissions, EC2 writes -1 where a protocol has no ports.
        Ports(xml, rule.Protocol, rule.FromPort ?? -1, rule.ToPort ?? -1);
        if (IsIpv4(rule)) xml.Text("cidrIpv4", rule.Peer);
        if (IsIpv6(rule)) xml.Text("cidrIpv6", rule.Peer);
    }

    private static void Ports(AnswerXml xml, string protocol, int? from, int? to)
    {
        xml.Text("ipProtocol", protocol);
        if (from is { } first) xml.Number("fromPort", first);
        if (to is { } last) xml.Number("toPort", last);
    }

    private static void Blocks(AnswerXml xml, string name, string element, IEnumerable<SecurityRule> rules) => xml.List(name, rules, rule =>
    {
        xml.Text(element, rule.Peer);
        xml.Text("description", rule.Description);
    });

    private static bool IsIpv4(SecurityRule rule) => rule.Block?.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    private static bool IsIpv6(SecurityRule rule) => rule.Block?.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
}
