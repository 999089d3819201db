using System.Text.Json.Serialization;

namespace Kontena.Kubernetes.Resources.Core;

/// <summary>A coordination.k8s.io/v1 Lease.</summary>
public sealed record Lease : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    public LeaseSpec Spec { get; init => field = value ?? new(); } = new();
}

/// <summary>Who holds the lease. The times are for people: electors time a lease by when they themselves saw it change.</summary>
public sealed record LeaseSpec
{
    /// <summary>Empty or null: nobody.</summary>
    public string? HolderIdentity { get; init; }

    /// <summary>How long others wait after the last renewal that they saw; at least 1.</summary>
    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
