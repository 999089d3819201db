using Kontena.Simulator.Ec2.Query;
using static Kontena.Simulator.Ec2.Query.ParameterRule;

namespace Kontena.Simulator.Ec2.Actions;

internal sealed class RunInstances() : Ec2Action("RunInstances", mutates: true,
[
    Text("ImageId"), Text("InstanceType"), Integer("MinCount"), Integer("MaxCount"), Text("KeyName"), Text("UserData"), Text("ClientToken"),
    Text("SubnetId"), Text("SecurityGroupId.N"), Text("SecurityGroup.N"),
    Text("Placement.AvailabilityZone"), Text("Placement.Tenancy", "default"),
    Boolean("Monitoring.Enabled"), Boolean("EbsOptimized"), Boolean("DisableApiTermination"),
    Text("InstanceInitiatedShutdownBehavior", "stop", "terminate"), Text("CreditSpecification.CpuCredits", "standard", "unlimited"),
    Text("IamInstanceProfile.Name"), Text("IamInstanceProfile.Arn"),
    Text("TagSpecification.N.ResourceType"), Text("TagSpecification.N.Tag.N.Key"), Text("TagSpecification.N.Tag.N.Value"),
    Text("BlockDeviceMapping.N.DeviceName"), Integer("BlockDeviceMapping.N.Ebs.VolumeSize"), Boolean("BlockDeviceMapping.N.Ebs.Encrypted"),
    Text("BlockDeviceMapping.N.Ebs.VolumeType", "standard", "gp2", "gp3", "io1", "io2", "sc1", "st1"),
    Boolean("BlockDeviceMapping.N.Ebs.DeleteOnTermination"), Integer("BlockDeviceMapping.N.Ebs.Iops"), Integer("BlockDeviceMapping.N.Ebs.Throughput"),
    Integer("NetworkInterface.N.DeviceIndex"), Text("NetworkInterface.N.SubnetId"), Text("NetworkInterface.N.SecurityGroupId.N"),
    Boolean("NetworkInterface.N.AssociatePublicIpAddress"), Boolean("NetworkInterface.N.DeleteOnTermination"),
    Text("NetworkInterface.N.Description"),
    Text("MetadataOptions.HttpTokens", "optional", "required"), Integer("MetadataOptions.HttpPutResponseHopLimit"),
    Text("MetadataOptions.HttpEndpoint", "enabled", "disabled"), Text("MetadataOptions.HttpProtocolIpv6", "enabled", "disabled"),
    Text("MetadataOptions.InstanceMetadataTags", "enabled", "disabled"),
    Text("InstanceMarketOptions.MarketType", "spot"), Text("InstanceMarketOptions.SpotOptions.MaxPrice"),
    Text("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time", "persistent"),
    Text("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "hibernate", "stop", "terminate"),
])
{
    public override void Answer(ActionCall call, AnswerXml xml)
    {
        var request = LaunchReader.Read(call);
        call.EndDryRun();
        var made = call.Region.Launch_NeedsLock(request, call.Now);
        ReservationXml.Content(xml, call, made);
    }
}
