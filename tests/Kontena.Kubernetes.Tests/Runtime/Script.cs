using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>A reconciler that does what a test says and keeps count.</summary>
internal sealed class Script : IReconciler
{
    private readonly ConcurrentQueue<string> runs = [];
    private readonly ConcurrentDictionary<ObjectKey, int> countOf = [];
    private readonly ConcurrentDictionary<ObjectKey, int> running = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> holds = [];
    private readonly ConcurrentDictionary<string, bool> hangs = [];
    private int cancelled;
    private int finished;
    private int most;

    public string Name => "script";

    /// <summary>By key and the number of its run, from 1.</summary>
    public Func<ObjectKey, int, Next> Next { get; set; } = (_, _) => new Next.AwaitChange();

    public Func<ObjectKey, CancellationToken, Task<Next>>? Body { get; set; }

    public IReadOnlyCollection<string> Runs => runs;

    public int Cancelled => cancelled;

    public int Finished => finished;

    public int MostOfOneKey => most;

    public int Now => running.Values.Sum();

    /// <summary>The next run of the key waits for its cancellation.</summary>
    public void HangOnce(string name) => hangs[name] = true;

    /// <summary>The next run of the key waits for the source and ignores its cancellation.</summary>
    public TaskCompletionSource HoldOnce(string name) => holds[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        var at = running.AddOrUpdate(key, 1, (_, n) => n + 1);
        if (at > most) most = at;
        try
        {
            runs.Enqueue(key.Name);
            if (holds.TryRemove(key.Name, out var gate)) await gate.Task;
            if (hangs.TryRemove(key.Name, out _)) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            var next = Body is null ? Next(key, countOf.AddOrUpdate(key, 1, (_, n) => n + 1)) : await Body(key, ct);
            Interlocked.Increment(ref finished);
            return next;
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref cancelled);
            throw;
        }
        finally
        {
            running.AddOrUpdate(key, 0, (_, n) => n - 1);
        }
    }
}
