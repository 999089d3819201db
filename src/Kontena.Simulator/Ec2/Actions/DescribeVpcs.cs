using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeVpcs() : Ec2Action("DescribeVpcs", mutates: false, [Text("VpcId.N"), .. Filters, .. Paging])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("VpcId");
        var vpcs = call.Region.Vpcs;
        var named = ResourceIds.Resolve(ids, "vpc", "InvalidVpcID", id => vpcs.FirstOrDefault(v => v.Id == id),
            missing => Refusal.NotFound("InvalidVpcID", $"The vpc ID '{missing[0]}' does not exist"));
        var filters = new FilterSet<Vpc>(call.Parameters, Fields(call.AccountId), v => v.Tags);
        call.EndDryRun();
        var found = vpcs.Index().Where(v => (ids.Count == 0 || named.Contains(v.Item)) && filters.Matches(v.Item));
        var page = Page<(int Index, Vpc Item)>.Take(found, v => v.Index, call.Parameters);
        xml.List("vpcSet", page.Items, vpc => One(call, xml, vpc.Item));
        xml.Text("nextToken", page.NextToken);
    }

    private static void One(ActionCall call, AnswerXml xml, Vpc vpc)
    {
        xml.Text("vpcId", vpc.Id);
        xml.Text("ownerId", call.AccountId);
        xml.Text("state", "available");
        xml.Text("cidrBlock", vpc.Cidr);
        xml.List("cidrBlockAssociationSet", [vpc], each =>
        {
            xml.Text("associationId", Ids.Named("vpc-cidr-assoc", each.Id));
            xml.Text("cidrBlock", each.Cidr);
            xml.Element("cidrBlockState", () => xml.Text("state", "associated"));
        });
        xml.Text("dhcpOptionsId", Ids.Named("dopt", vpc.Region));
        xml.Tags(vpc.Tags);
        xml.Text("instanceTenancy", "default");
        xml.Flag("isDefault", vpc.IsDefault);
    }

    private static Dictionary<string, Func<Vpc, IEnumerable<string>>> Fields(string account) => new(StringComparer.Ordinal)
    {
        ["vpc-id"] = v => [v.Id],
        ["is-default"] = v => [v.IsDefault ? "true" : "false"],
        ["isDefault"] = v => [v.IsDefault ? "true" : "false"],
        ["state"] = _ => ["available"],
        ["cidr"] = v => [v.Cidr],
        ["owner-id"] = _ => [account],
    };
}
