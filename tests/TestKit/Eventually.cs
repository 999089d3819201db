using System.Diagnostics;

namespace Kontena.TestKit;

/// <summary>Waits for something that real processes or sockets bring about: polls until it holds, bounded, never a bare sleep.</summary>
public static class Eventually
{
    /// <summary>
    /// How long to wait for what must come, where the wait itself is not what is tested. Only a test that fails waits it out, so it is long: builds share their
    /// computer, and on a busy one all of it may take ten times as long.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Returns once <paramref name="condition"/> holds; throws <see cref="TimeoutException"/> naming <paramref name="what"/> after <paramref name="within"/>.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan within, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (watch.Elapsed > within) throw new TimeoutException($"Not within {within}: {what}");
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
