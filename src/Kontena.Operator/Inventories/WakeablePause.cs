namespace Kontena.Operator.Inventories;

/// <summary>The pause between two rounds of one loop. A wake-up ends it early; one that comes in the middle of a round ends the next pause at once.</summary>
internal sealed class WakeablePause(TimeProvider time)
{
    private volatile TaskCompletionSource over = NewPause();

    public void Wake() => over.TrySetResult();

    /// <summary>For one waiter at a time.</summary>
    public async Task WaitAsync(TimeSpan pause, CancellationToken ct)
    {
        var mine = over;
        await using var timer = time.CreateTimer(_ => mine.TrySetResult(), null, pause, Timeout.InfiniteTimeSpan);
        await using var cancelled = ct.Register(() => mine.TrySetCanceled(ct));
        try
        {
            await mine.Task;
        }
        finally
        {
            over = NewPause();
        }
    }

    private static TaskCompletionSource NewPause() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
