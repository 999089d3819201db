using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>Writes reservations and instances in the order and under the names that EC2 uses.</summary>
internal static class ReservationXml
{
    public static void Content(AnswerXml xml, ActionCall call, IReadOnlyList<Instance> instances)
    {
        xml.Text("reservationId", instances[0].Identity.ReservationId);
        xml.Text("ownerId", call.AccountId);
        xml.Element("groupSet", () => { });
        xml.List("instancesSet", instances, instance => One(xml, call, instance));
    }

    private static void One(AnswerXml xml, ActionCall call, Instance instance)
    {
        var state = instance.StateAt(call.Now);
        var attached = state != InstanceState.Terminated;
        var names = InstanceNames.Of(instance, call.Region.Name, state);
        xml.Text("instanceId", instance.Id);
        xml.Text("imageId", instance.Launch.ImageId);
        State(xml, "instanceState", state);
        xml.Text("privateDnsName", names.PrivateDns);
        xml.Text("dnsName", names.PublicDns);
        if ((instance.End?.Started ?? instance.Halt?.Started) is { } told) xml.Text("reason", $"User initiated ({told.UtcDateTime:yyyy-MM-dd HH:mm:ss} GMT)");
        xml.Text("keyName", instance.Launch.KeyName);
        xml.Number("amiLaunchIndex", instance.Identity.LaunchIndex);
        xml.Element("productCodes", () => { });
        xml.Text("instanceType", instance.Launch.Type.Name);
        xml.Time("launchTime", instance.Launched);
        Placement(xml, instance);
        xml.Element("monitoring", () => xml.Text("state", instance.Launch.Monitoring ? "enabled" : "disabled"));
        if (attached) Addresses(xml, instance, names);
        StateReason(xml, instance);
        Machine(xml, instance);
        xml.List("blockDeviceMapping", attached ? instance.Volumes : [], volume => Volume(xml, instance, volume));
        if (instance.Launch.Spot) xml.Text("instanceLifecycle", "spot");
        xml.Text("spotInstanceRequestId", instance.Identity.SpotRequestId);
        xml.Text("clientToken", instance.Launch.ClientToken ?? "");
        xml.Tags(instance.Tags);
        xml.List("networkInterfaceSet", attached ? [instance] : Array.Empty<Instance>(), each => InterfaceXml.Content(xml, call, each, names));
        Profile(xml, call, instance);
        Metadata(xml, instance.Launch.Metadata, state);
    }

    private static void StateReason(AnswerXml xml, Instance instance)
    {
        if (instance.End is null && instance.Halt is null) return;
        xml.Element("stateReason", () =>
        {
            xml.Text("code", instance.End?.Code ?? Ending.ByUser);
            xml.Text("message", instance.End?.Message ?? Ending.ByUserMessage);
        });
    }

    public static void State(AnswerXml xml, string name, InstanceState state) => xml.Element(name, () =>
    {
        xml.Number("code", (int)state);
        xml.Text("name", state.Name());
    });

    public static void Groups(AnswerXml xml, Instance instance) => xml.List("groupSet", instance.Groups, group =>
    {
        xml.Text("groupId", group.Id);
        xml.Text("groupName", group.Name);
    });

    private static void Placement(AnswerXml xml, Instance instance) => xml.Element("placement", () =>
    {
        xml.Text("availabilityZone", instance.Subnet.Zone);
        xml.Text("availabilityZoneId", instance.Subnet.ZoneId);
        xml.Text("groupName", "");
        xml.Text("tenancy", "default");
    });

    private static void Addresses(AnswerXml xml, Instance instance, InstanceNames names)
    {
        xml.Text("subnetId", instance.Subnet.Id);
        xml.Text("vpcId", instance.Subnet.Vpc.Id);
        xml.Text("privateIpAddress", instance.Identity.PrivateAddress);
        xml.Text("ipAddress", names.PublicAddress);
        xml.Flag("sourceDestCheck", true);
        Groups(xml, instance);
    }

    private static void Machine(AnswerXml xml, Instance instance)
    {
        xml.Text("architecture", instance.Launch.Image.Architecture);
        xml.Text("rootDeviceType", "ebs");
        xml.Text("rootDeviceName", instance.Launch.Image.RootDevice);
        xml.Text("virtualizationType", "hvm");
        xml.Text("hypervisor", "xen");
        xml.Flag("ebsOptimized", instance.Launch.EbsOptimized);
        xml.Flag("enaSupport", true);
    }

    private static void Volume(AnswerXml xml, Instance instance, AttachedVolume volume)
    {
        xml.Text("deviceName", volume.Device);
        xml.Element("ebs", () =>
        {
            xml.Text("volumeId", volume.Id);
            xml.Text("status", "attached");
            xml.Time("attachTime", instance.Launched);
            xml.Flag("deleteOnTermination", volume.DeleteOnTermination);
        });
    }

    private static void Profile(AnswerXml xml, ActionCall call, Instance instance)
    {
        if (instance.Launch.InstanceProfile is not { } profile) return;
        xml.Element("iamInstanceProfile", () =>
        {
            xml.Text("arn", $"arn:aws:iam::{call.AccountId}:instance-profile/{profile}");
            xml.Text("id", Ids.Named("AIPA", profile).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant());
        });
    }

    private static void Metadata(AnswerXml xml, MetadataSettings metadata, InstanceState state) => xml.Element("metadataOptions", () =>
    {
        xml.Text("state", state == InstanceState.Pending ? "pending" : "applied");
        xml.Text("httpTokens", metadata.HttpTokens);
        xml.Number("httpPutResponseHopLimit", metadata.HopLimit);
        xml.Text("httpEndpoint", metadata.HttpEndpoint);
        xml.Text("httpProtocolIpv6", metadata.HttpProtocolIpv6);
        xml.Text("instanceMetadataTags", metadata.InstanceTags);
    });
}
