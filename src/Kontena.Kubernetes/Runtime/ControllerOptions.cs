namespace Kontena.Kubernetes.Runtime;

/// <summary>How a controller runs its reconciler.</summary>
public sealed record ControllerOptions
{
    public static ControllerOptions Default { get; } = new();

    /// <summary>How many keys run side by side.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>A reconcile that takes longer is cancelled and tried again.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From the stop to the end: half of it for reconciles to finish by themselves, half after their cancellation.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    public Backoff Backoff { get; init; } = Backoff.Reconcile;
}
