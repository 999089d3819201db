using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class RevokeSecurityGroupIngress() : RevokeRules("RevokeSecurityGroupIngress", RuleDirection.Inbound, [Text("GroupName")]);

internal sealed class RevokeSecurityGroupEgress() : RevokeRules("RevokeSecurityGroupEgress", RuleDirection.Outbound, []);

/// <summary>
/// Takes rules away. What there is not is told apart by VPC, as the API reference has it: in a default VPC the rest is revoked and the answer names the
/// unknown; in any other nothing is revoked.
/// </summary>
internal abstract class RevokeRules(string name, RuleDirection direction, IEnumerable<ParameterRule> more)
    : Ec2Action(name, mutates: true, [.. PermissionReader.Parameters, Text("SecurityGroupRuleId.N"), .. more])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var group = GroupLookup.Target(call);
        var ids = call.Parameters.List("SecurityGroupRuleId");
        if (ids.Count > 0 && call.Parameters.Has("IpPermissions"))
            throw Refusal.Combination("The parameter securityGroupRuleIds cannot be used with the parameter ipPermissions");
        var rules = group.Rules(direction);
        IReadOnlyList<RuleDraft> unknown = [];
        IReadOnlyList<SecurityRule> revoked;
        if (ids.Count > 0)
            revoked = ResourceIds.Resolve(ids, "sgr", "InvalidSecurityGroupRuleId", id => rules.FirstOrDefault(r => r.Id == id),
                missing => Refusal.NotFound("InvalidSecurityGroupRuleId", $"The security group rule ID '{missing[0]}' does not exist"));
        else
        {
            var asked = PermissionReader.Read(call, group).ToLookup(d => rules.Any(r => r.Key == d.Key));
            unknown = [.. asked[false]];
            if (unknown.Count > 0 && !group.Vpc.IsDefault)
                throw Refusal.NotFound("InvalidPermission", "The specified rule does not exist in this security group.");
            revoked = [.. asked[true].Select(d => rules.First(r => r.Key == d.Key))];
        }
        call.EndDryRun();
        rules.RemoveAll(revoked.Contains);
        call.Region.RulesChanged_NeedsLock(group, call.Now);
        Tell(call, xml, group, revoked, unknown);
    }

    private void Tell(ActionCall call, AnswerXml xml, SecurityGroup group, IReadOnlyList<SecurityRule> revoked, IReadOnlyList<RuleDraft> unknown)
    {
        xml.Flag("return", true);
        if (unknown.Count > 0)
            RuleXml.Permissions(call, xml, "unknownIpPermissionSet",
                unknown.Select(d => new SecurityRule("", d.Key.Protocol, d.Key.FromPort, d.Key.ToPort, d.Key.Peer, d.Description)));
        RuleXml.Revoked(xml, group, direction, revoked);
    }
}
