using System.Globalization;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeSubnets() : Ec2Action("DescribeSubnets", mutates: false, [Text("SubnetId.N"), .. Filters, .. Paging])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var ids = call.Parameters.List("SubnetId");
        var subnets = call.Region.Subnets.ToList();
        var named = ResourceIds.Resolve(ids, "subnet", "InvalidSubnetID", id => subnets.FirstOrDefault(s => s.Id == id),
            missing => Refusal.NotFound("InvalidSubnetID", $"The subnet ID '{missing[0]}' does not exist"));
        var filters = new FilterSet<Subnet>(call.Parameters, Fields(call), s => s.Tags);
        call.EndDryRun();
        var found = subnets.Index().Where(s => (ids.Count == 0 || named.Contains(s.Item)) && filters.Matches(s.Item));
        var page = Page<(int Index, Subnet Item)>.Take(found, s => s.Index, call.Parameters);
        xml.List("subnetSet", page.Items, subnet => One(call, xml, subnet.Item));
        xml.Text("nextToken", page.NextToken);
    }

    private static void One(ActionCall call, AnswerXml xml, Subnet subnet)
    {
        xml.Text("subnetId", subnet.Id);
        xml.Text("subnetArn", $"arn:aws:ec2:{call.Region.Name}:{call.AccountId}:subnet/{subnet.Id}");
        xml.Text("state", "available");
        xml.Text("ownerId", call.AccountId);
        xml.Text("vpcId", subnet.Vpc.Id);
        xml.Text("cidrBlock", subnet.Cidr);
        xml.Number("availableIpAddressCount", subnet.FreeAddresses);
        xml.Text("availabilityZone", subnet.Zone);
        xml.Text("availabilityZoneId", subnet.ZoneId);
        xml.Flag("defaultForAz", subnet.Vpc.IsDefault);
        xml.Flag("mapPublicIpOnLaunch", subnet.Vpc.MapsPublicAddresses);
        xml.Flag("assignIpv6AddressOnCreation", false);
        xml.Tags(subnet.Tags);
    }

    private static Dictionary<string, Func<Subnet, IEnumerable<string>>> Fields(ActionCall call) => new(StringComparer.Ordinal)
    {
        ["subnet-id"] = s => [s.Id],
        ["vpc-id"] = s => [s.Vpc.Id],
        ["availability-zone"] = s => [s.Zone],
        ["availabilityZone"] = s => [s.Zone],
        ["availability-zone-id"] = s => [s.ZoneId],
        ["cidr-block"] = s => [s.Cidr],
        ["default-for-az"] = s => [s.Vpc.IsDefault ? "true" : "false"],
        ["defaultForAz"] = s => [s.Vpc.IsDefault ? "true" : "false"],
        ["map-public-ip-on-launch"] = s => [s.Vpc.MapsPublicAddresses ? "true" : "false"],
        ["state"] = _ => ["available"],
        ["owner-id"] = _ => [call.AccountId],
        ["available-ip-address-count"] = s => [s.FreeAddresses.ToString(CultureInfo.InvariantCulture)],
    };
}
