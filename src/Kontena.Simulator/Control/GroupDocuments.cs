using System.Text.Json;
using System.Text.Json.Serialization;
using Kontena.Simulator.Ec2;

namespace Kontena.Simulator.Control;

/// <summary>A security group as it is posted. Without a VPC it is of the region's default one.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GroupDocument(
    string Region, string Name, string? VpcId = null, string Description = "by hand", IReadOnlyDictionary<string, string>? Tags = null)
{
    public SecurityGroupSnapshot AddTo(Ec2Firewall firewall) => firewall.AddGroup(Region, Name, VpcId, Description, Tags);
}

/// <summary>A rule as it is posted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RuleDocument(
    string Protocol, string Peer, int? FromPort = null, int? ToPort = null, string? Description = null, RuleDirection Direction = RuleDirection.Inbound)
{
    public SecurityRule AddTo(Ec2Firewall firewall, string groupId) => firewall.AddRule(groupId, Direction, Protocol, FromPort, ToPort, Peer, Description);
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VpcDocument(string Region, string Cidr, bool MapPublicIpOnLaunch = false)
{
    public ExtraVpc ToVpc() => new() { Region = Region, Cidr = Cidr, MapPublicIpOnLaunch = MapPublicIpOnLaunch };
}

internal sealed class RuleDirectionNames() : JsonStringEnumConverter<RuleDirection>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
