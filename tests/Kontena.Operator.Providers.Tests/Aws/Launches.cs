using Kontena.Operator.Providers.Aws.Ec2;

namespace Kontena.Operator.Providers.Tests.Aws;

internal static class Launches
{
    /// <summary>Everything that a launch can say, but the network interface.</summary>
    public static Ec2Launch Full { get; } = new()
    {
        ClientToken = "token-1",
        ImageId = "ami-1",
        InstanceType = "t3.small",
        SubnetId = "subnet-1",
        SecurityGroupIds = ["sg-1", "sg-2"],
        KeyName = "key",
        RootDeviceName = "/dev/sda1",
        RootVolumeGiB = 30,
        Spot = true,
        Tags = [new("kontena-node", "node-1"), new("Name", "pool-1")],
        UserData = Canary.Bytes("user-data"),
    };

    public static Ec2Launch WithPublicAddress { get; } = Full with { AssociatePublicIp = true };
}
