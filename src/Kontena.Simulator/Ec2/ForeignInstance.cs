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

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public string? ClientToken { get; init; }
}
