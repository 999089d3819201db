using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeSecurityGroups() : Ec2Action("DescribeSecurityGroups", mutates: false,
    [Text("GroupId.N"), Text("GroupName.N"), .. Filters, .. Paging])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var (ids, names) = (call.Parameters.List("GroupId"), call.Parameters.List("GroupName"));
        var named = ResourceIds.Resolve(ids, "sg", "InvalidGroupId", id => GroupLookup.Find(call, id), missing => GroupLookup.NoSuchGroup(missing[0]))
            .Concat(names.Select(name => GroupLookup.ByName(call, name))).ToHashSet();
        var filters = new FilterSet<SecurityGroup>(call.Parameters, Fields(call.AccountId), g => g.Tags);
        call.EndDryRun();
        var found = call.Region.Groups_NeedsLock.Existing
            .Where(g => GroupLookup.Visible(call, g) && (ids.Count + names.Count == 0 || named.Contains(g)) && filters.Matches(g));
        var page = Page<SecurityGroup>.Take(found, g => g.Sequence, call.Parameters);
        xml.List("securityGroupInfo", page.Items, group => One(call, xml, group));
        xml.Text("nextToken", page.NextToken);
    }

    private static void One(ActionCall call, AnswerXml xml, SecurityGroup group)
    {
        xml.Text("ownerId", call.AccountId);
        xml.Text("groupId", group.Id);
        xml.Text("groupName", group.Name);
        xml.Text("groupDescription", group.Description);
        xml.Text("vpcId", group.Vpc.Id);
        xml.Text("securityGroupArn", RuleXml.Arn(call, "security-group", group.Id));
        RuleXml.Permissions(call, xml, "ipPermissions", group.Inbound);
        RuleXml.Permissions(call, xml, "ipPermissionsEgress", group.Outbound);
        xml.Tags(group.Tags);
    }

    private static Dictionary<string, Func<SecurityGroup, IEnumerable<string>>> Fields(string account) => new(StringComparer.Ordinal)
    {
        ["group-id"] = g => [g.Id],
        ["group-name"] = g => [g.Name],
        ["vpc-id"] = g => [g.Vpc.Id],
        ["owner-id"] = _ => [account],
        ["description"] = g => [g.Description],
    };
}
