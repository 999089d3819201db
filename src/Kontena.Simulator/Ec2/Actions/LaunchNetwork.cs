using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Where a launch is to be connected: on the instance itself, or on its one network interface, never on both.</summary>
internal sealed record LaunchNetwork(Subnet? Subnet, bool PublicAddress)
{
    public static LaunchNetwork Read(ActionCall call)
    {
        var asked = call.Parameters;
        var interfaces = asked.Branches("NetworkInterface");
        if (interfaces.Count == 0)
        {
            CheckGroups(call, asked);
            return new(InZone(call, FindSubnet(call, asked.Text("SubnetId"))), true);
        }
        if (asked.Has("SubnetId"))
            throw Refusal.Combination("Network interfaces and an instance-level subnet ID may not be specified on the same request");
        if (asked.Has("SecurityGroupId") || asked.Has("SecurityGroup"))
            throw Refusal.Combination("Network interfaces and an instance-level security groups may not be specified on the same request");
        if (interfaces.Count > 1) throw Refusal.NotSimulated("More than one network interface");
        var only = interfaces[0];
        only.Required("DeviceIndex");
        if (only.Integer("DeviceIndex") != 0) throw Refusal.InvalidValue("A launch must have a network interface with the device index 0.");
        CheckGroups(call, only);
        return new(InZone(call, FindSubnet(call, only.Text("SubnetId"))), only.Boolean("AssociatePublicIpAddress") ?? true);
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
        var byZone = call.Region.Subnets.FirstOrDefault(s => s.Zone == zone)
            ?? throw Refusal.InvalidValue($"Invalid availability zone: [{zone}]");
        return subnet is null || subnet == byZone ? byZone
            : throw Refusal.InvalidValue(zone, "Placement.AvailabilityZone", $"The subnet {subnet.Id} is in {subnet.Zone}.");
    }

    private static void CheckGroups(ActionCall call, QueryParameters at)
    {
        foreach (var id in at.List("SecurityGroupId"))
        {
            ResourceIds.Check(id, "sg", "InvalidGroupId");
            if (id != call.Region.GroupId)
                throw Refusal.NotFound("InvalidGroup", $"The security group '{id}' does not exist in VPC '{call.Region.VpcId}'");
        }
        foreach (var name in at.List("SecurityGroup"))
            if (name != "default")
                throw Refusal.NotFound("InvalidGroup", $"The security group '{name}' does not exist in default VPC '{call.Region.VpcId}'");
    }
}
