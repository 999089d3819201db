using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>
/// A token bucket that gives each call its turn in order of arrival. On a TimeProvider: the buckets of
/// System.Threading.RateLimiting run on the system's clock, which no test can move.
/// </summary>
internal sealed class CallPace(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly TimeSpan interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long origin = time.GetTimestamp();

    // When the bucket is full again, since origin (the "theoretical arrival time" of the generic cell rate algorithm).
    private TimeSpan full = TimeSpan.Zero;

    /// <summary>Waits for this call's turn. A turn that is called off is lost.</summary>
    /// <exception cref="DriverException">Throttled, at once: the turn would come later than <paramref name="longest"/>.</exception>
    public Task WaitAsync(string what, TimeSpan longest, CancellationToken ct)
    {
        var wait = TakeTurn(what, longest);
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, ct);
    }

    private TimeSpan TakeTurn(string what, TimeSpan longest)
    {
        lock (gate)
        {
            var now = time.GetElapsedTime(origin);
            var begin = full > now ? full : now;
            var wait = begin - interval * (burst - 1) - now;
            if (wait > longest)
                throw new DriverException(DriverFault.Throttled,
                    $"{what}: the operator's own pace of {perSecond:0.##} calls a second has no turn within {longest.TotalSeconds:0.#} s.")
                { RetryAfter = wait };
            full = begin + interval;
            return wait;
        }
    }
}
