using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator;

/// <summary>How one operator process runs.</summary>
internal sealed record OperatorSettings
{
    /// <summary>A call that is sent must be answered before another may lead.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(4);

    /// <summary>Where the operator keeps its own objects (installation record, lease).</summary>
    public string OwnNamespace { get; init; } = "kube-system";

    /// <summary>Null watches all namespaces.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>False where nothing else can run against this API server.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>Unique to the process, for the lease and for Events.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}";

    public int NodeWorkers { get; init; } = 16;

    public int PoolWorkers { get; init; } = 4;

    public int GridWorkers { get; init; } = 2;

    public Pace Pace { get; init; } = new();

    /// <summary>Null: as each provider's own limits ask.</summary>
    public ResilienceOptions? Resilience { get; init; }

    /// <summary>Multiple of each provider's own pace.</summary>
    public double ProviderPace { get; init; } = 1;

    /// <summary>Where tombstones may stand: beside the nodes, and in the operator's own namespace where theirs is being deleted.</summary>
    public IReadOnlyList<string?> TombstoneNamespaces => WatchNamespace is null ? [null] : [.. new[] { WatchNamespace, OwnNamespace }.Distinct()];

    public ObjectKey Lease => new(OwnNamespace, "kontena-operator");

    /// <summary>See <see cref="LeaderElectionOptions"/>, whose defaults these have.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public LeaderElectionOptions Election => new()
    {
        Lease = Lease,
        Identity = Identity,
        LeaseDuration = LeaseDuration,
        RenewDeadline = RenewDeadline,
        RetryPeriod = RetryPeriod,
        LongestWork = LongestCall,
    };
}
