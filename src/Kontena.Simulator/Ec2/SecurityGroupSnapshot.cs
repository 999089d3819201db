namespace Kontena.Simulator.Ec2;

/// <summary>A security group as it was at one moment. The rules of one that is deleted are those that it had last.</summary>
/// <param name="Deleted">Null while it is there.</param>
/// <param name="ThroughApi">False for a VPC's default group and for one that a test put there (<see cref="Ec2Firewall.AddGroup"/>).</param>
public sealed record SecurityGroupSnapshot(
    string Id, string Region, string VpcId, string Name, string Description, IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<SecurityRule> Inbound, IReadOnlyList<SecurityRule> Outbound, DateTimeOffset Created, DateTimeOffset? Deleted, bool ThroughApi);
