using System.Globalization;
using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>The filters of DescribeInstances that are simulated; any other is refused rather than ignored.</summary>
internal static class InstanceFilters
{
    public static Dictionary<string, Func<Instance, IEnumerable<string>>> At(ActionCall call)
    {
        var now = call.Now;
        IEnumerable<string> Attached(Instance i, string? value) => value is null || i.StateAt(now) == InstanceState.Terminated ? [] : [value];
        IEnumerable<SecurityGroup> Groups(Instance i) => i.StateAt(now) == InstanceState.Terminated ? [] : i.Groups;
        return new(StringComparer.Ordinal)
        {
            ["instance-id"] = i => [i.Id],
            ["instance-state-name"] = i => [i.StateAt(now).Name()],
            ["instance-state-code"] = i => [((int)i.StateAt(now)).ToString(CultureInfo.InvariantCulture)],
            ["instance-type"] = i => [i.Launch.Type.Name],
            ["instance-lifecycle"] = i => i.Launch.Spot ? ["spot"] : [],
            ["client-token"] = i => [i.Launch.ClientToken ?? ""],
            ["image-id"] = i => [i.Launch.ImageId],
            ["key-name"] = i => i.Launch.KeyName is { } key ? [key] : [],
            ["architecture"] = i => [i.Launch.Image.Architecture],
            ["availability-zone"] = i => [i.Subnet.Zone],
            ["availability-zone-id"] = i => [i.Subnet.ZoneId],
            ["owner-id"] = _ => [call.AccountId],
            ["reservation-id"] = i => [i.Identity.ReservationId],
            ["vpc-id"] = i => Attached(i, i.Subnet.Vpc.Id),
            ["subnet-id"] = i => Attached(i, i.Subnet.Id),
            ["private-ip-address"] = i => Attached(i, i.Identity.PrivateAddress),
            ["ip-address"] = i => i.StateAt(now) == InstanceState.Pending ? [] : Attached(i, i.Identity.PublicAddress),
            ["instance.group-id"] = i => Groups(i).Select(g => g.Id),
            ["instance.group-name"] = i => Groups(i).Select(g => g.Name),
            ["network-interface.group-id"] = i => Groups(i).Select(g => g.Id),
        };
    }
}
