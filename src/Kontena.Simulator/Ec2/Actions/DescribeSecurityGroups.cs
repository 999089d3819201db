using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>The VPC's default group, which is the only one: groups cannot be made here, and the actions that would are refused as unknown.</summary>
internal sealed class DescribeSecurityGroups() : Ec2Action("DescribeSecurityGroups", mutates: false,
    [Text("GroupId.N"), Text("GroupName.N"), .. Filters, .. Paging])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var (ids, names) = (call.Parameters.List("GroupId"), call.Parameters.List("GroupName"));
        ResourceIds.Resolve(ids, "sg", "InvalidGroupId", id => id == call.Region.GroupId ? call.Region : null,
            missing => Refusal.NotFound("InvalidGroup", $"The security group '{missing[0]}' does not exist"));
        if (names.FirstOrDefault(n => n != "default") is { } unknown)
            throw Refusal.NotFound("InvalidGroup", $"The security group '{unknown}' does not exist in default VPC '{call.Region.VpcId}'");
        var filters = new FilterSet<Region>(call.Parameters, Fields(call.AccountId), r => r.GroupTags);
        call.EndDryRun();
        var page = Page<Region>.Take(new[] { call.Region }.Where(filters.Matches), _ => 0, call.Parameters);
        xml.List("securityGroupInfo", page.Items, region => One(call, xml, region));
    }

    private static void One(ActionCall call, AnswerXml xml, Region region)
    {
        xml.Text("ownerId", call.AccountId);
        xml.Text("groupId", region.GroupId);
        xml.Text("groupName", "default");
        xml.Text("groupDescription", "default VPC security group");
        xml.Text("vpcId", region.VpcId);
        xml.List("ipPermissions", [region], each =>
        {
            xml.Text("ipProtocol", "-1");
            xml.List("groups", [each], group =>
            {
                xml.Text("userId", call.AccountId);
                xml.Text("groupId", group.GroupId);
            });
            xml.Element("ipRanges", () => { });
            xml.Element("ipv6Ranges", () => { });
            xml.Element("prefixListIds", () => { });
        });
        xml.List("ipPermissionsEgress", [region], _ =>
        {
            xml.Text("ipProtocol", "-1");
            xml.Element("groups", () => { });
            xml.List("ipRanges", ["0.0.0.0/0"], cidr => xml.Text("cidrIp", cidr));
            xml.Element("ipv6Ranges", () => { });
            xml.Element("prefixListIds", () => { });
        });
        xml.Tags(region.GroupTags);
    }

    private static Dictionary<string, Func<Region, IEnumerable<string>>> Fields(string account) => new(StringComparer.Ordinal)
    {
        ["group-id"] = r => [r.GroupId],
        ["group-name"] = _ => ["default"],
        ["vpc-id"] = r => [r.VpcId],
        ["owner-id"] = _ => [account],
        ["description"] = _ => ["default VPC security group"],
    };
}
