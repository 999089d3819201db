namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>The part of a subnet that is used.</summary>
public sealed record Ec2Subnet
{
    public required string Id { get; init; }

    public required string AvailabilityZone { get; init; }

    public string? VpcId { get; init; }

    /// <summary><c>pending</c>, <c>available</c>, <c>unavailable</c>, <c>failed</c> …</summary>
    public string? State { get; init; }

    public bool DefaultForAz { get; init; }
}

/// <summary>The part of a VPC that is used.</summary>
public sealed record Ec2Vpc
{
    public required string Id { get; init; }

    public bool IsDefault { get; init; }
}
