namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// One rule of a security group in EC2's words: an IpPermission with one source. EC2 knows a rule by all of it but the description: a second
/// one that differs only there is refused, and a revocation takes the rule whoever described it.
/// </summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmpv6</c>, another protocol's number, or <c>-1</c> for all.</param>
/// <param name="FromPort">First port; of ICMP the type, -1 for all. Null where it is not sent or was not answered.</param>
/// <param name="ToPort">Last port; of ICMP the code, -1 for all.</param>
/// <param name="Description">At most 255 of EC2's characters.</param>
public sealed record Ec2Rule(string Protocol, int? FromPort, int? ToPort, Ec2Source Source, string? Description);
