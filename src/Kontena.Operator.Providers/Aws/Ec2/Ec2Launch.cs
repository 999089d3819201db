namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>What one RunInstances call says. Values only: equal launches become equal bodies.</summary>
public sealed record Ec2Launch
{
    /// <summary>EC2 starts no second instance for it; at most 64 ASCII characters.</summary>
    public required string ClientToken { get; init; }

    public required string ImageId { get; init; }

    public required string InstanceType { get; init; }

    public required string SubnetId { get; init; }

    /// <summary>Null: as the subnet says.</summary>
    public bool? AssociatePublicIp { get; init; }

    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    public string? KeyName { get; init; }

    public required string RootDeviceName { get; init; }

    public required int RootVolumeGiB { get; init; }

    public bool Spot { get; init; }

    /// <summary>For the instance and its volumes, in the order in which they are sent.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    /// <summary>Secret. Before base64.</summary>
    public required ReadOnlyMemory<byte> UserData { get; init; }

    public override string ToString() => $"{InstanceType} from {ImageId} in {SubnetId}";
}
