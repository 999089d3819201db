namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>The part of a security group that is used.</summary>
public sealed record Ec2SecurityGroup
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The account that it belongs to.</summary>
    public string? OwnerId { get; init; }

    public string? VpcId { get; init; }

    /// <summary>One source each, in EC2's order.</summary>
    public IReadOnlyList<Ec2Rule> Ingress { get; init; } = [];

    /// <summary>One destination each, in EC2's order.</summary>
    public IReadOnlyList<Ec2Rule> Egress { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
