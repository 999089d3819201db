using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class DescribeAvailabilityZones() : Ec2Action("DescribeAvailabilityZones", mutates: false,
    [Text("ZoneName.N"), Text("ZoneId.N"), Boolean("AllAvailabilityZones"), .. Filters])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var zones = call.Region.DefaultVpc.Subnets;
        var (names, ids) = (call.Parameters.List("ZoneName"), call.Parameters.List("ZoneId"));
        if (names.FirstOrDefault(n => zones.All(z => z.Zone != n)) is { } unknown)
            throw Refusal.InvalidValue($"Invalid availability zone: [{unknown}]");
        if (ids.FirstOrDefault(i => zones.All(z => z.ZoneId != i)) is { } unknownId)
            throw Refusal.InvalidValue($"Invalid availability zone-id: [{unknownId}]");
        var filters = new FilterSet<Subnet>(call.Parameters, Fields(call.Region.Name), tags: null);
        call.EndDryRun();
        var found = zones.Where(z => (names.Count == 0 || names.Contains(z.Zone)) && (ids.Count == 0 || ids.Contains(z.ZoneId)) && filters.Matches(z));
        xml.List("availabilityZoneInfo", found, zone =>
        {
            xml.Text("zoneName", zone.Zone);
            xml.Text("zoneState", "available");
            xml.Text("regionName", call.Region.Name);
            xml.Element("messageSet", () => { });
            xml.Text("zoneId", zone.ZoneId);
            xml.Text("optInStatus", "opt-in-not-required");
            xml.Text("zoneType", "availability-zone");
            xml.Text("groupName", call.Region.Name);
            xml.Text("networkBorderGroup", call.Region.Name);
        });
    }

    private static Dictionary<string, Func<Subnet, IEnumerable<string>>> Fields(string region) => new(StringComparer.Ordinal)
    {
        ["zone-name"] = z => [z.Zone],
        ["zone-id"] = z => [z.ZoneId],
        ["zone-type"] = _ => ["availability-zone"],
        ["state"] = _ => ["available"],
        ["region-name"] = _ => [region],
        ["group-name"] = _ => [region],
        ["opt-in-status"] = _ => ["opt-in-not-required"],
    };
}
