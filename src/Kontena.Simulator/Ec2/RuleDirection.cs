namespace Kontena.Simulator.Ec2;

/// <summary>The two lists of rules of a security group.</summary>
public enum RuleDirection
{
    Inbound,
    Outbound,
}
