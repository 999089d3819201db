using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Runs one reconciler over the keys that its informers bring up: several workers, one queue. Starts only when every
/// informer is synced, since a reconciler that sees half of the objects creates the other half again.
/// </summary>
public sealed class Controller : IDisposable
{
    private readonly IReconciler reconciler;
    private readonly ControllerOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ReconcileOutcomes outcomes;
    private readonly List<IInformer> informers = [];
    private readonly List<Func<IDisposable>> subscriptions = [];
    private readonly ConcurrentDictionary<ObjectKey, byte> running = [];
    private readonly KeyValuePair<string, object?> tag;

    public Controller(IReconciler reconciler, ControllerOptions options, TimeProvider time, Func<double> random, ILogger log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        this.reconciler = reconciler;
        this.options = options;
        this.time = time;
        this.log = log;
        tag = RuntimeMetrics.Tag("controller", reconciler.Name);
        Queue = new WorkQueue(reconciler.Name, options.Backoff, time, random);
        outcomes = new ReconcileOutcomes(reconciler.Name, Queue, random, log);
    }

    public string Name => reconciler.Name;

    /// <summary>For wake-ups that come from elsewhere than an informer.</summary>
    public WorkQueue Queue { get; }

    /// <summary>Whose changes lead to which keys. Both states of a changed object count, so that an object that changes its owner wakes the old one too.</summary>
    public Controller Watches<T>(Informer<T> informer, Func<T, IEnumerable<ObjectKey>> map) where T : class, IResource
    {
        informers.Add(informer);
        subscriptions.Add(() => informer.Store.Subscribe(change => Enqueue(change, map)));
        return this;
    }

    /// <summary>
    /// Runs until cancelled; runs once. After <paramref name="ct"/> no reconcile begins, those under way get the grace.
    /// </summary>
    /// <param name="abort">Cancels what is under way at once: leadership is lost.</param>
    /// <exception cref="TimeoutException">A reconcile ignored its cancellation past the grace.</exception>
    public async Task RunAsync(CancellationToken abort, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort, ct);
        try
        {
            foreach (var informer in informers) await informer.WaitForSyncAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        var open = Listen();
        using var work = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var workers = Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => WorkAsync(work.Token), CancellationToken.None)));
        try
        {
            await Task.WhenAny(workers, UntilCancelled(stop.Token));
        }
        finally
        {
            foreach (var subscription in open) subscription.Dispose();
            Queue.ShutDown();
            await JoinAsync(workers, work);
        }
    }

    /// <summary>From now on the informers' changes come into the queue. Done by <see cref="RunAsync"/>; for those who take keys from the queue themselves.</summary>
    public IReadOnlyList<IDisposable> Listen() => [.. subscriptions.Select(subscribe => subscribe())];

    /// <summary>
    /// One reconcile of a key that was taken from <see cref="Queue"/>, and what follows from its end: never throws. No worker, no deadline but
    /// the token: for those who decide themselves what runs when.
    /// </summary>
    public Task RunOnceAsync(ObjectKey key, CancellationToken ct) => ReconcileAsync(key, ct, stopped: ct, overdue: CancellationToken.None);

    public void Dispose() => Queue.Dispose();

    private async Task JoinAsync(Task workers, CancellationTokenSource work)
    {
        if (await EndedWithinAsync(workers, options.Grace / 2)) return;
        await work.CancelAsync();
        if (await EndedWithinAsync(workers, options.Grace / 2)) return;
        throw new TimeoutException($"Controller {Name}: reconciles of {string.Join(", ", running.Keys.Order())} ignored their cancellation for {options.Grace}.");
    }

    /// <returns>Whether the workers ended; throws what ended them, where that was a bug of this class.</returns>
    private async Task<bool> EndedWithinAsync(Task workers, TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit, time);
        await Task.WhenAny(workers, UntilCancelled(over.Token));
        if (!workers.IsCompleted) return false;
        await workers;
        return true;
    }

    private static async Task UntilCancelled(CancellationToken ct)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => cancelled.TrySetResult());
        await cancelled.Task;
    }

    private async Task WorkAsync(CancellationToken work)
    {
        while (await Queue.TakeAsync(CancellationToken.None) is { } key)
        {
            running[key] = 0;
            try
            {
                await ReconcileAsync(key, work);
            }
            finally
            {
                running.TryRemove(key, out _);
                Queue.Done(key);
            }
        }
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken work)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(work, deadline.Token);
        await ReconcileAsync(key, either.Token, work, deadline.Token);
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken ct, CancellationToken stopped, CancellationToken overdue)
    {
        var began = time.GetTimestamp();
        string outcome;
        try
        {
            outcome = outcomes.Succeeded(key, await reconciler.ReconcileAsync(key, ct));
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            outcome = "stopped";
        }
        catch (OperationCanceledException) when (overdue.IsCancellationRequested)
        {
            outcome = outcomes.TimedOut(key, options.Deadline);
        }
        catch (KubeFault fault)
        {
            outcome = outcomes.Refused(key, fault);
        }
        // The one place for everything else: a reconciler's bug must cost its own key only, and be seen.
        catch (Exception exception)
        {
            outcome = outcomes.Threw(key, exception);
        }
        RuntimeMetrics.Reconciles.Add(1, tag, RuntimeMetrics.Tag("outcome", outcome));
        RuntimeMetrics.ReconcileDuration.Record(time.GetElapsedTime(began).TotalSeconds, tag);
    }

    private void Enqueue<T>(StoreChange<T> change, Func<T, IEnumerable<ObjectKey>> map) where T : class, IResource
    {
        switch (change)
        {
            case StoreChange<T>.Added added:
                Enqueue(map(added.Resource), QueuePriority.Change);
                break;
            case StoreChange<T>.Updated updated:
                Enqueue(map(updated.Before).Union(map(updated.After)), QueuePriority.Change);
                break;
            case StoreChange<T>.Removed removed:
                Enqueue(map(removed.Last), QueuePriority.Change);
                break;
            case StoreChange<T>.Present present:
                Enqueue(map(present.Resource), QueuePriority.Resync);
                break;
            default:
                throw new InvalidOperationException($"Unknown change {change.GetType().Name}.");
        }
    }

    private void Enqueue(IEnumerable<ObjectKey> keys, QueuePriority priority)
    {
        foreach (var key in keys) Queue.Add(key, priority);
    }
}
