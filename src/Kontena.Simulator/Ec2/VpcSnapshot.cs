namespace Kontena.Simulator.Ec2;

/// <summary>A VPC and what it came with.</summary>
/// <param name="Subnets">Zone to the id of the subnet there.</param>
/// <param name="DefaultGroupId">Its default security group.</param>
public sealed record VpcSnapshot(string Id, string Region, string Cidr, bool IsDefault, IReadOnlyDictionary<string, string> Subnets, string DefaultGroupId);
