using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Keys that need a run. A key has one slot: however often it is added, it waits once; it is never handed out while a run
/// of it is going on, and what was added meanwhile is handed out again after <see cref="Done"/>. Of several delayed wishes
/// the earliest counts, and handing the key out fulfils them all. Keys are never dropped, however often they fail.
/// Thread-safe; nobody parks a thread.
/// </summary>
#pragma warning disable CA1711 // The field's own word for it.
public sealed class WorkQueue : IDisposable
#pragma warning restore CA1711
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Backoff backoff;
    private readonly Func<double> random;
    private readonly KeyValuePair<string, object?> tag;
    private readonly SemaphoreSlim ready = new(0);
    private readonly Queue<ObjectKey>[] lanes = [new(), new()];
    private readonly Dictionary<ObjectKey, Slot> dirty = [];
    private readonly HashSet<ObjectKey> processing = [];
    private readonly Dictionary<ObjectKey, int> failures = [];
    private readonly DelayHeap delayed = new();
    private readonly ITimer timer;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool stopped;

    /// <param name="name">Names the queue in metrics.</param>
    /// <param name="random">Uniform in [0, 1); called under the queue's lock.</param>
    public WorkQueue(string name, Backoff backoff, TimeProvider time, Func<double> random)
    {
        this.backoff = backoff;
        this.time = time;
        this.random = random;
        tag = RuntimeMetrics.Tag("queue", name);
        timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that could run now.</summary>
    public int Depth
    {
        get { lock (gate) return dirty.Count(slot => !processing.Contains(slot.Key)); }
    }

    /// <summary>Keys that wait for their time.</summary>
    public int Delayed
    {
        get { lock (gate) return delayed.Count; }
    }

    public bool IsShutDown
    {
        get { lock (gate) return stopped; }
    }

    public void Add(ObjectKey key, QueuePriority priority = QueuePriority.Change)
    {
        lock (gate) Add_NeedsLock(key, priority);
    }

    /// <summary>Adds the key after a delay, unless it is to come earlier anyway.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        lock (gate)
        {
            if (stopped) return;
            if (delay <= TimeSpan.Zero)
            {
                Add_NeedsLock(key, QueuePriority.Change);
                return;
            }
            if (delayed.Wish(key, time.GetTimestamp() + Ticks(delay))) Rearm_NeedsLock();
        }
    }

    /// <summary>Adds the key after its next back-off, or later where the world asked for it. <see cref="Forget"/> starts the back-off anew.</summary>
    /// <returns>The delay.</returns>
    public TimeSpan AddBackedOff(ObjectKey key, TimeSpan atLeast)
    {
        lock (gate)
        {
            var count = failures[key] = Math.Min(failures.GetValueOrDefault(key) + 1, int.MaxValue - 1);
            var delay = backoff.After(count, random());
            if (atLeast > delay) delay = atLeast;
            AddAfter(key, delay);
            return delay;
        }
    }

    /// <summary>The key succeeded: its back-off starts anew.</summary>
    public void Forget(ObjectKey key)
    {
        lock (gate) failures.Remove(key);
    }

    /// <summary>The next key to run, changes first, in the order of arrival; null after <see cref="ShutDown"/>. <see cref="Done"/> must follow.</summary>
    public async ValueTask<ObjectKey?> TakeAsync(CancellationToken ct)
    {
        while (true)
        {
            await ready.WaitAsync(ct);
            lock (gate)
            {
                if (stopped)
                {
                    // Wakes the next waiter: a stop is for all of them.
                    ready.Release();
                    return null;
                }
                if (Next_NeedsLock() is { } key) return key;
            }
        }
    }

    public void Done(ObjectKey key)
    {
        lock (gate)
        {
            if (!processing.Remove(key)) throw new InvalidOperationException($"{key} was not handed out.");
            if (dirty.TryGetValue(key, out var slot) && !stopped) MakeReady_NeedsLock(key, slot.Priority);
            if (stopped && processing.Count == 0) drained.TrySetResult();
        }
    }

    /// <summary>Hands out nothing more. What waits is forgotten: a new start finds it again from the objects.</summary>
    public void ShutDown()
    {
        lock (gate)
        {
            if (stopped) return;
            stopped = true;
            RuntimeMetrics.QueueDepth.Add(-dirty.Keys.Count(key => !processing.Contains(key)), tag);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (processing.Count == 0) drained.TrySetResult();
            ready.Release();
        }
    }

    /// <summary>Completes when the queue is shut down and every key handed out is done.</summary>
    public Task DrainAsync(CancellationToken ct) => drained.Task.WaitAsync(ct);

    public void Dispose()
    {
        ShutDown();
        timer.Dispose();
    }

    private void Add_NeedsLock(ObjectKey key, QueuePriority priority)
    {
        if (stopped) return;
        if (dirty.TryGetValue(key, out var slot))
        {
            if (priority >= slot.Priority) return;
            // Overtakes its own resync; the entry left in the slower lane is skipped when it comes up.
            dirty[key] = slot with { Priority = priority };
            if (!processing.Contains(key)) lanes[(int)priority].Enqueue(key);
            return;
        }
        dirty[key] = new Slot(priority, time.GetTimestamp());
        RuntimeMetrics.QueueAdds.Add(1, tag, RuntimeMetrics.Tag("priority", priority));
        if (!processing.Contains(key)) MakeReady_NeedsLock(key, priority);
    }

    private void MakeReady_NeedsLock(ObjectKey key, QueuePriority priority)
    {
        dirty[key] = new Slot(priority, time.GetTimestamp());
        lanes[(int)priority].Enqueue(key);
        RuntimeMetrics.QueueDepth.Add(1, tag);
        ready.Release();
    }

    private ObjectKey? Next_NeedsLock()
    {
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            while (lanes[lane].TryDequeue(out var key))
            {
                if (processing.Contains(key) || !dirty.TryGetValue(key, out var slot) || (int)slot.Priority != lane) continue;
                dirty.Remove(key);
                delayed.Fulfil(key);
                processing.Add(key);
                RuntimeMetrics.QueueDepth.Add(-1, tag);
                RuntimeMetrics.QueueLatency.Record(time.GetElapsedTime(slot.Since).TotalSeconds, tag);
                return key;
            }
        }
        return null;
    }

    private void ReleaseDue()
    {
        lock (gate)
        {
            if (stopped) return;
            while (delayed.TakeDue(time.GetTimestamp()) is { } key) Add_NeedsLock(key, QueuePriority.Change);
            Rearm_NeedsLock();
        }
    }

    private void Rearm_NeedsLock()
    {
        if (delayed.Earliest is not { } due) return;
        var wait = TimeSpan.FromSeconds((double)Math.Max(0, due - time.GetTimestamp()) / time.TimestampFrequency);
        // System timers count whole milliseconds, cut off below: rounded up, or the timer would fire early again and again.
        // One day at most, because a timer cannot wait longer than 49 days; firing early then finds nothing due.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 1, TimeSpan.MillisecondsPerDay)));
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private long Ticks(TimeSpan delay) => (long)Math.Min(delay.TotalSeconds * time.TimestampFrequency, long.MaxValue / 4);

    /// <param name="Since">When the key became ready.</param>
    private readonly record struct Slot(QueuePriority Priority, long Since);
}
