using System.Diagnostics;
using Kontena.TestKit;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>Waits for loops that run on the thread pool while the manual clock stands still.</summary>
internal static class Settled
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Limit) throw new TimeoutException($"Not within {Limit}: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Moves the clock in steps until something holds; fails after <paramref name="atMost"/> of manual time.</summary>
    public static async Task AdvanceUntilAsync(ManualTime time, Func<bool> condition, TimeSpan step, TimeSpan atMost, string what)
    {
        var end = time.GetUtcNow() + atMost;
        while (!condition())
        {
            if (time.GetUtcNow() >= end) throw new TimeoutException($"Not within {atMost} of manual time: {what}");
            time.Advance(step);
            // Continuations that the advance released may hop over the pool; give them their turns. On a busy machine a
            // step may still come too soon for them, so limits in manual time are generous and never what a test is about.
            for (var turn = 0; turn < 20 && !condition(); turn++) await Task.Yield();
            if (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }
}
