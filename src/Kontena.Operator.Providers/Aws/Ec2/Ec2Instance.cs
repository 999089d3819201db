namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>The part of an EC2 instance that is used. What an answer leaves out is null or empty.</summary>
public sealed record Ec2Instance
{
    public required string Id { get; init; }

    /// <summary>The low byte is the state; the high byte is EC2's own business.</summary>
    public int? StateCode { get; init; }

    public string? StateName { get; init; }

    public string? StateReasonCode { get; init; }

    public string? StateReasonMessage { get; init; }

    public string? ClientToken { get; init; }

    public string? InstanceType { get; init; }

    public string? ImageId { get; init; }

    public string? AvailabilityZone { get; init; }

    public string? PrivateIp { get; init; }

    public string? PublicIp { get; init; }

    public string? Ipv6 { get; init; }

    public string? VpcId { get; init; }

    /// <summary>Of the primary network interface; none once it is terminated.</summary>
    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public DateTimeOffset? LaunchTime { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
