using System.Globalization;
using System.Net.Sockets;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class AuthorizeSecurityGroupIngress() : AuthorizeRules("AuthorizeSecurityGroupIngress", RuleDirection.Inbound, [Text("GroupName")]);

internal sealed class AuthorizeSecurityGroupEgress() : AuthorizeRules("AuthorizeSecurityGroupEgress", RuleDirection.Outbound, []);

/// <summary>Adds rules: all of a call, or none.</summary>
internal abstract class AuthorizeRules(string name, RuleDirection direction, IEnumerable<ParameterRule> more)
    : Ec2Action(name, mutates: true, [.. PermissionReader.Parameters, .. more])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var group = GroupLookup.Target(call);
        var drafts = PermissionReader.Read(call, group);
        var rules = group.Rules(direction);
        var known = rules.Select(r => r.Key).ToHashSet();
        if (drafts.FirstOrDefault(d => known.Contains(d.Key)) is { } twice) throw Duplicate(twice.Key);
        var added = drafts.Select(call.Region.Groups_NeedsLock.Rule).ToList();
        CheckCount([.. rules, .. added], call.Region.Options.Quota.RulesPerSecurityGroup);
        call.EndDryRun();
        rules.AddRange(added);
        call.Region.RulesChanged_NeedsLock(group, call.Now);
        xml.Flag("return", true);
        RuleXml.Added(call, xml, group, direction, added);
    }

    /// <summary>"Enforced separately for IPv4 and IPv6"; a rule about a group counts as one of each (VPC quotas).</summary>
    private static void CheckCount(IReadOnlyList<SecurityRule> rules, int? most)
    {
        var (v4, v6) = (Count(rules, AddressFamily.InterNetwork), Count(rules, AddressFamily.InterNetworkV6));
        if (v4 > most || v6 > most)
            throw new ApiException(400, "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.");
    }

    private static int Count(IReadOnlyList<SecurityRule> rules, AddressFamily family) =>
        rules.Count(r => r.Block is not { } block || block.BaseAddress.AddressFamily == family);

    private static ApiException Duplicate(RuleKey key)
    {
        var ports = key.FromPort is null ? "" : string.Create(CultureInfo.InvariantCulture, $", from port: {key.FromPort}, to port: {key.ToPort}");
        var protocol = key.Protocol == IpProtocols.All ? "ALL" : key.Protocol.ToUpperInvariant();
        return new(400, "InvalidPermission.Duplicate", $"the specified rule \"peer: {key.Peer}, {protocol}{ports}, ALLOW\" already exists");
    }
}
