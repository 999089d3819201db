using System.Xml.Linq;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>Starts one instance with its marks, its encrypted root volume and token-only metadata.</summary>
internal sealed class RunInstances(Ec2Launch launch) : Ec2Operation<Ec2Instance>
{
    // Containers are one network hop behind the instance: with EC2's default of 1 the agent's container gets no token.
    private const int MetadataHops = 2;

    public override string Action => "RunInstances";

    public override string Subject => launch.ToString();

    public override bool Mutates => true;

    public override void Write(Ec2Form form)
    {
        form.Add("MinCount", 1).Add("MaxCount", 1)
            .Add("ClientToken", launch.ClientToken)
            .Add("ImageId", launch.ImageId)
            .Add("InstanceType", launch.InstanceType)
            .Add("KeyName", launch.KeyName);
        WriteNetwork(form);
        WriteRootVolume(form);
        form.AddTagSpecification(1, "instance", launch.Tags).AddTagSpecification(2, "volume", launch.Tags)
            .Add("MetadataOptions.HttpEndpoint", "enabled")
            .Add("MetadataOptions.HttpTokens", "required")
            .Add("MetadataOptions.HttpPutResponseHopLimit", MetadataHops);
        if (launch.Spot) WriteSpot(form);
        if (!launch.UserData.IsEmpty) form.Add("UserData", Convert.ToBase64String(launch.UserData.Span));
    }

    /// <summary>EC2 refuses SubnetId and SecurityGroupId beside a network interface; a public address can only be asked for on one.</summary>
    private void WriteNetwork(Ec2Form form)
    {
        if (launch.AssociatePublicIp is not { } associate)
        {
            form.Add("SubnetId", launch.SubnetId).AddList("SecurityGroupId", launch.SecurityGroupIds);
            return;
        }
        form.Add("NetworkInterface.1.DeviceIndex", 0)
            .Add("NetworkInterface.1.SubnetId", launch.SubnetId)
            .Add("NetworkInterface.1.AssociatePublicIpAddress", associate)
            .Add("NetworkInterface.1.DeleteOnTermination", true)
            .AddList("NetworkInterface.1.SecurityGroupId", launch.SecurityGroupIds);
    }

    private void WriteRootVolume(Ec2Form form) =>
        form.Add("BlockDeviceMapping.1.DeviceName", launch.RootDeviceName)
            .Add("BlockDeviceMapping.1.Ebs.VolumeSize", launch.RootVolumeGiB)
            .Add("BlockDeviceMapping.1.Ebs.VolumeType", "gp3")
            .Add("BlockDeviceMapping.1.Ebs.Encrypted", true)
            .Add("BlockDeviceMapping.1.Ebs.DeleteOnTermination", true);

    private static void WriteSpot(Ec2Form form) =>
        form.Add("InstanceMarketOptions.MarketType", "spot")
            .Add("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
            .Add("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate");

    public override Ec2Instance Read(XElement answer)
    {
        var instances = answer.RequiredItems("instancesSet").Select(DescribeInstances.ReadInstance).ToList();
        return instances.Count == 1 ? instances[0] : throw new FormatException($"the answer names {instances.Count} instances instead of one");
    }
}
