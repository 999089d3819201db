namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>What one CreateSecurityGroup call says.</summary>
/// <param name="Name">Unique in the VPC: EC2 makes no second group of that name.</param>
/// <param name="Tags">In the order in which they are sent.</param>
public sealed record Ec2NewSecurityGroup(string Name, string Description, string VpcId, IReadOnlyList<KeyValuePair<string, string>> Tags);
