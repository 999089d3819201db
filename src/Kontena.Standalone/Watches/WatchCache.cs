namespace Kontena.Standalone.Watches;

/// <summary>
/// The newest changes in memory, and the signal that there are more. Every watch follows with its own cursor: it reads here
/// while it keeps up and from the log in the store when it does not, a small batch at a time: what a slow watch holds on to is one batch.
/// </summary>
internal sealed class WatchCache(long startVersion)
{
    private const int MaxChanges = 1024;
    private const long MaxBytes = 16 << 20;

    // Of one batch: a watch may keep it for as long as its client does not read.
    private const int BatchChanges = 64;
    private const long BatchBytes = 256 << 10;

    private readonly Lock gate = new();
    private readonly Queue<Change> recent = new();
    private long newest = startVersion;
    private long bytes;
    private TaskCompletionSource signal = NewSignal();

    public void Publish(IReadOnlyList<Change> changes)
    {
        TaskCompletionSource reached;
        lock (gate)
        {
            foreach (var change in changes)
            {
                recent.Enqueue(change);
                bytes += change.Size;
                newest = change.Version;
            }
            while (recent.Count > MaxChanges || (bytes > MaxBytes && recent.Count > 1)) bytes -= recent.Dequeue().Size;
            (reached, signal) = (signal, NewSignal());
        }
        reached.SetResult();
    }

    /// <summary>
    /// The first changes after <paramref name="version"/>, oldest first; null when the oldest of them is no longer here. Where there
    /// is none, <paramref name="more"/> completes with the next.
    /// </summary>
    public IReadOnlyList<Change>? After(long version, out Task more)
    {
        lock (gate)
        {
            more = signal.Task;
            if (version >= newest) return [];
            // Versions have no gaps, so the first one here tells whether anything is missing.
            if (recent.Count == 0 || recent.Peek().Version > version + 1) return null;
            return Batch(recent.Skip((int)(version + 1 - recent.Peek().Version)));
        }
    }

    /// <summary>As many as a watch may hold on to at once, and one at least.</summary>
    public static IReadOnlyList<Change> Batch(IEnumerable<Change> changes)
    {
        var (batch, size) = (new List<Change>(), 0L);
        foreach (var change in changes)
        {
            batch.Add(change);
            size += change.Size;
            if (batch.Count == BatchChanges || size >= BatchBytes) break;
        }
        return batch;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
