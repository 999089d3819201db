using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>It has no idempotency token: a second call with the same name is a duplicate, also while the first group cannot be seen yet.</summary>
internal sealed class CreateSecurityGroup() : Ec2Action("CreateSecurityGroup", mutates: true,
[
    Text("GroupName"), Text("GroupDescription"), Text("VpcId"),
    Text("TagSpecification.N.ResourceType"), Text("TagSpecification.N.Tag.N.Key"), Text("TagSpecification.N.Tag.N.Value"),
])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var name = GroupRules.Name(call.Parameters.Required("GroupName"));
        var description = GroupRules.GroupDescription(call.Parameters.Required("GroupDescription"));
        var vpc = FindVpc(call);
        var tags = Tags(call.Parameters);
        var groups = call.Region.Groups_NeedsLock;
        if (groups.Named(vpc, name) is not null)
            throw new ApiException(400, "InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc.Id}'");
        if (groups.Existing.Count >= call.Region.Options.Quota.SecurityGroups)
            throw new ApiException(400, "SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.");
        call.EndDryRun();
        var made = groups.Add(vpc, name, description, tags, call.Now, throughApi: true);
        xml.Text("groupId", made.Id);
        xml.Tags(made.Tags);
        xml.Text("securityGroupArn", RuleXml.Arn(call, "security-group", made.Id));
    }

    private static Vpc FindVpc(ActionCall call)
    {
        if (call.Parameters.Text("VpcId") is not { } id) return call.Region.DefaultVpc;
        ResourceIds.Check(id, "vpc", "InvalidVpcID");
        return call.Region.Vpcs.FirstOrDefault(v => v.Id == id) ?? throw Refusal.NotFound("InvalidVpcID", $"The vpc ID '{id}' does not exist");
    }

    private static Dictionary<string, string> Tags(QueryParameters asked)
    {
        var specifications = asked.Branches("TagSpecification");
        foreach (var specification in specifications)
            if (specification.Required("ResourceType") is var kind and not "security-group")
                throw Refusal.InvalidValue($"'{kind}' is not a valid taggable resource type for this operation.");
        if (specifications.Count > 1) throw Refusal.InvalidValue("Duplicate tag specification for the resource type 'security-group'.");
        return specifications.Count == 0 ? [] : TagRules.Read(specifications[0]);
    }
}
