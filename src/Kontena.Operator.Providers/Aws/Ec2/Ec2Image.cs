namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>The part of a machine image (AMI) that is used.</summary>
public sealed record Ec2Image
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary><c>available</c>, <c>pending</c>, <c>failed</c>, <c>deregistered</c> …</summary>
    public string? State { get; init; }

    public string? Architecture { get; init; }

    public string? RootDeviceType { get; init; }

    /// <summary>E.g. <c>/dev/sda1</c>: the block device mapping of a launch must name this to reach the root volume.</summary>
    public string? RootDeviceName { get; init; }

    /// <summary>Size of the root snapshot in GiB: no root volume may be smaller.</summary>
    public int? RootGiB { get; init; }

    public DateTimeOffset? CreationDate { get; init; }
}
