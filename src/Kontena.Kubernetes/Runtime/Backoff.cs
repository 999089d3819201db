namespace Kontena.Kubernetes.Runtime;

/// <summary>Exponential waits with jitter. Pure: the random number is handed in.</summary>
/// <param name="First">The shortest wait, after the first failure.</param>
/// <param name="Max">The longest wait, jitter included.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Max)
{
    /// <summary>Jitter lengthens a wait by up to this share. At the ceiling too: equal waits keep clients that failed together together.</summary>
    private const double Jitter = 0.5;

    /// <summary>For keys of a work queue.</summary>
    public static Backoff Reconcile { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>For lists and watches; the figures of client-go's reflector.</summary>
    public static Backoff Watch { get; } = new(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(30));

    /// <param name="failures">How many failed in a row, from 1.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    /// <returns>Between <see cref="First"/> and <see cref="Max"/>.</returns>
    public TimeSpan After(int failures, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var ceiling = Math.Max(First.TotalSeconds, Max.TotalSeconds / (1 + Jitter));
        // 2^40 seconds is far past any ceiling; the clamp keeps the power finite for a key that failed for weeks.
        var doubled = First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40));
        var seconds = Math.Min(doubled, ceiling) * (1 + Jitter * Math.Clamp(random, 0, 1));
        return TimeSpan.FromSeconds(Math.Min(seconds, Max.TotalSeconds));
    }
}
