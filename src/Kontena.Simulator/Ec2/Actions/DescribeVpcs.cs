using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeVpcs() : Ec2Action("DescribeVpcs", mutates: false, [Text("VpcId.N"), .. Filters, .. Paging])
{
    private const string Cidr = "172.31.0.0/16";

    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("VpcId");
        var named = ResourceIds.Resolve(ids, "vpc", "InvalidVpcID", id => id == call.Region.VpcId ? call.Region : null,
            missing => Refusal.NotFound("InvalidVpcID", $"The vpc ID '{missing[0]}' does not exist"));
        var filters = new FilterSet<Region>(call.Parameters, Fields(call.AccountId), r => r.VpcTags);
        call.EndDryRun();
        var page = Page<Region>.Take((ids.Count > 0 ? named : [call.Region]).Where(filters.Matches), _ => 0, call.Parameters);
        xml.List("vpcSet", page.Items, region =>
        {
            xml.Text("vpcId", region.VpcId);
            xml.Text("ownerId", call.AccountId);
            xml.Text("state", "available");
            xml.Text("cidrBlock", Cidr);
            xml.List("cidrBlockAssociationSet", [region], each =>
            {
                xml.Text("associationId", Ids.Named("vpc-cidr-assoc", each.Name));
                xml.Text("cidrBlock", Cidr);
                xml.Element("cidrBlockState", () => xml.Text("state", "associated"));
            });
            xml.Text("dhcpOptionsId", Ids.Named("dopt", region.Name));
            xml.Tags(region.VpcTags);
            xml.Text("instanceTenancy", "default");
            xml.Flag("isDefault", true);
        });
    }

    private static Dictionary<string, Func<Region, IEnumerable<string>>> Fields(string account) => new(StringComparer.Ordinal)
    {
        ["vpc-id"] = r => [r.VpcId],
        ["is-default"] = _ => ["true"],
        ["isDefault"] = _ => ["true"],
        ["state"] = _ => ["available"],
        ["cidr"] = _ => [Cidr],
        ["owner-id"] = _ => [account],
    };
}
