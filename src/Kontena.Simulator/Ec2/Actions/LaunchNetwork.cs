using Kontena.Simulator.Ec2.Firewalls;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Where a launch is to be connected: on the instance itself, or on its one network interface, never on both.</summary>
/// <param name="PublicAddress">Null: as the subnet has it.</param>
/// <param name="Groups">Null: the VPC's default group.</param>
internal sealed record LaunchNetwork(Subnet? Subnet, bool? PublicAddress, IReadOnlyList<SecurityGroup>? Groups)
{
    public static LaunchNetwork Read(ActionCall call)
    {
        var asked = call.Parameters;
        var interfaces = asked.Branches("NetworkInterface");
        if (interfaces.Count == 0)
        {
            var subnet = InZone(call, FindSubnet(call, asked.Text("SubnetId")));
            if (asked.Has("SubnetId") && asked.Has("SecurityGroup"))
                throw Refusal.Combination("The parameter groupName cannot be used with the parameter subnet");
            return new(subnet, null, ReadGroups(call, asked, subnet));
        }
        if (asked.Has("SubnetId"))
            throw Refusal.Combination("Network interfaces and an instance-level subnet ID may not be specified on the same request");
        if (asked.Has("SecurityGroupId") || asked.Has("SecurityGroup"))
            throw Refusal.Combination("Network interfaces and an instance-level security groups may not be specified on the same request");
        if (interfaces.Count > 1) throw Refusal.NotSimulated("More than one network interface");
        var only = interfaces[0];
        only.Required("DeviceIndex");
        if (only.Integer("DeviceIndex") != 0) throw Refusal.InvalidValue("A launch must have a network interface with the device index 0.");
        var at = InZone(call, FindSubnet(call, only.Text("SubnetId")));
        return new(at, only.Boolean("AssociatePublicIpAddress"), ReadGroups(call, only, at));
    }

    public static Subnet? FindSubnet(ActionCall call, string? id)
    {
        if (id is null) return null;
        ResourceIds.Check(id, "subnet", "InvalidSubnetID");
        return call.Region.Subnets.FirstOrDefault(s => s.Id == id)
            ?? throw Refusal.NotFound("InvalidSubnetID", $"The subnet ID '{id}' does not exist");
    }

    private static Subnet? InZone(ActionCall call, Subnet? subnet)
    {
        if (call.Parameters.Text("Placement.AvailabilityZone") is not { } zone) return subnet;
        var byZone = call.Region.DefaultVpc.Subnets.FirstOrDefault(s => s.Zone == zone)
            ?? throw Refusal.InvalidValue($"Invalid availability zone: [{zone}]");
        return subnet is null ? byZone : subnet.Zone == zone ? subnet
            : throw Refusal.InvalidValue(zone, "Placement.AvailabilityZone", $"The subnet {subnet.Id} is in {subnet.Zone}.");
    }

    private static IReadOnlyList<SecurityGroup>? ReadGroups(ActionCall call, QueryParameters at, Subnet? subnet)
    {
        var asked = at.List("SecurityGroupId").Select(id => GroupLookup.ById(call, id))
            .Concat(at.List("SecurityGroup").Select(name => GroupLookup.ByName(call, name))).ToList();
        if (asked.Count == 0) return null;
        // Without a subnet the launch goes to one of the default VPC; EC2 names the one that it chose.
        var where = subnet ?? call.Region.DefaultVpc.Subnets[0];
        return GroupLookup.OfInterface(call, asked, (group, _) => new(400, "InvalidParameter",
            $"Security group {group.Id} and subnet {where.Id} belong to different networks."), where.Vpc);
    }
}
