using Kontena.Simulator.Ec2.Firewalls;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>A RunInstances call whose every parameter was found good.</summary>
internal sealed record LaunchRequest
{
    public required int Least { get; init; }

    public required int Most { get; init; }

    public required string ImageId { get; init; }

    public required MachineImage Image { get; init; }

    public required MachineType Type { get; init; }

    /// <summary>Named by the caller, by subnet or by zone; null leaves the zone to EC2.</summary>
    public Subnet? Subnet { get; init; }

    /// <summary>Null: the default group of the VPC.</summary>
    public IReadOnlyList<SecurityGroup>? Groups { get; init; }

    public string? KeyName { get; init; }

    /// <summary>Secret: bootstrap tokens travel in it.</summary>
    public byte[]? UserData { get; init; }

    public string? ClientToken { get; init; }

    /// <summary>Hash over all parameters; another one under the same token is a mismatch.</summary>
    public string Fingerprint { get; init; } = "";

    public bool Spot { get; init; }

    /// <summary>Null: as the subnet has it.</summary>
    public bool? PublicAddress { get; init; }

    public bool Monitoring { get; init; }

    public bool EbsOptimized { get; init; }

    public bool TerminationProtected { get; init; }

    public string? InstanceProfile { get; init; }

    public MetadataSettings Metadata { get; init; } = new();

    public required IReadOnlyList<Volume> Volumes { get; init; }

    public IReadOnlyDictionary<string, string> InstanceTags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> VolumeTags { get; init; } = new Dictionary<string, string>();

    public bool ThroughApi { get; init; } = true;

    /// <summary>A record prints its fields; this one holds a secret.</summary>
    public override string ToString() => $"{Most} of {Type.Name} with {ImageId}";
}

internal sealed record Volume(string Device, bool DeleteOnTermination);

internal sealed record MetadataSettings
{
    public string HttpTokens { get; init; } = "optional";

    public int HopLimit { get; init; } = 1;

    public string HttpEndpoint { get; init; } = "enabled";

    public string HttpProtocolIpv6 { get; init; } = "disabled";

    public string InstanceTags { get; init; } = "disabled";
}
