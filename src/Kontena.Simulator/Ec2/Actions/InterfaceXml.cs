using System.Security.Cryptography;
using System.Text;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>What an instance is called at a moment: the public half comes with <c>running</c> and all of it goes with <c>terminated</c>.</summary>
internal sealed record InstanceNames(string PrivateDns, string PublicDns, string? PublicAddress)
{
    public static InstanceNames Of(Instance instance, string region, InstanceState state)
    {
        if (state == InstanceState.Terminated) return new("", "", null);
        var privateDns = $"ip-{instance.Identity.PrivateAddress.Replace('.', '-')}.{(region == "us-east-1" ? "ec2" : region + ".compute")}.internal";
        if (state is InstanceState.Pending or InstanceState.Stopped || instance.Identity.PublicAddress is not { } address) return new(privateDns, "", null);
        return new(privateDns, $"ec2-{address.Replace('.', '-')}.{(region == "us-east-1" ? "compute-1" : region + ".compute")}.amazonaws.com", address);
    }
}

/// <summary>Writes an instance's one network interface.</summary>
internal static class InterfaceXml
{
    public static void Content(AnswerXml xml, ActionCall call, Instance instance, InstanceNames names)
    {
        xml.Text("networkInterfaceId", instance.Identity.InterfaceId);
        xml.Text("subnetId", instance.Subnet.Id);
        xml.Text("vpcId", instance.Subnet.Vpc.Id);
        xml.Text("description", "");
        xml.Text("ownerId", call.AccountId);
        xml.Text("status", "in-use");
        xml.Text("macAddress", MacAddress(instance.Id));
        xml.Text("privateIpAddress", instance.Identity.PrivateAddress);
        xml.Text("privateDnsName", names.PrivateDns);
        xml.Flag("sourceDestCheck", true);
        ReservationXml.Groups(xml, instance);
        xml.Element("attachment", () =>
        {
            xml.Text("attachmentId", instance.Identity.InterfaceId.Replace("eni-", "eni-attach-", StringComparison.Ordinal));
            xml.Number("deviceIndex", 0);
            xml.Text("status", "attached");
            xml.Time("attachTime", instance.Launched);
            xml.Flag("deleteOnTermination", true);
        });
        Association(xml, names);
        xml.List("privateIpAddressesSet", [instance], each =>
        {
            xml.Text("privateIpAddress", each.Identity.PrivateAddress);
            xml.Text("privateDnsName", names.PrivateDns);
            xml.Flag("primary", true);
            Association(xml, names);
        });
        xml.Text("interfaceType", "interface");
    }

    private static void Association(AnswerXml xml, InstanceNames names)
    {
        if (names.PublicAddress is not { } address) return;
        xml.Element("association", () =>
        {
            xml.Text("publicIp", address);
            xml.Text("publicDnsName", names.PublicDns);
            xml.Text("ipOwnerId", "amazon");
        });
    }

    private static string MacAddress(string instanceId)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(instanceId));
        // The low bits of 02 say "one station, locally administered".
        return string.Join(':', hash.Take(5).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)).Prepend("02"));
    }
}
