namespace Kontena.Simulator.Ec2;

/// <summary>An instance that somebody else made: by hand, by another tool, or by "launch more like this", which copies tags.</summary>
public sealed record ForeignInstance
{
    public string Region { get; init; } = "eu-west-1";

    /// <summary>Null: the region's first zone.</summary>
    public string? Zone { get; init; }

    /// <summary>A subnet of any VPC of the region; null: the default VPC's in that zone.</summary>
    public string? SubnetId { get; init; }

    /// <summary>Security groups of the subnet's VPC; empty: its default group.</summary>
    public IReadOnlyList<string> GroupIds { get; init; } = [];

    public string InstanceType { get; init; } = "t3.small";

    /// <summary>Name of the image, the newest that fits: <c>*</c> and <c>?</c>. Null: the first of the type's architecture.</summary>
    public string? Image { get; init; }

    /// <summary>Secret: tokens travel in it.</summary>
    public byte[]? UserData { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string? ClientToken { get; init; }

    /// <summary>A record prints its fields; this one holds a secret.</summary>
    public override string ToString() => $"{InstanceType} in {Zone ?? Region}";
}
