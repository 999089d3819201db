namespace Kontena.Operator;

/// <summary>Loops that are added while others run (of an account, or a Grid, that is met for the first time) and that end together.</summary>
internal sealed class Loops
{
    private readonly Lock gate = new();
    private readonly List<Func<CancellationToken, Task>> waiting = [];
    private readonly List<Task> running = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken stopped;
    private bool started;

    /// <summary>Begins at once where the others run already, else with them.</summary>
    public void Add(Func<CancellationToken, Task> loop)
    {
        lock (gate)
        {
            if (started) running.Add(WatchOverAsync(loop));
            else waiting.Add(loop);
        }
    }

    /// <summary>Runs until cancelled, then joins every loop. One that ends by itself ends the whole, with its error.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        lock (gate)
        {
            started = true;
            stopped = stop.Token;
            running.AddRange(waiting.Select(WatchOverAsync));
        }
        await using var registration = stop.Token.Register(() => ended.TrySetResult());
        try
        {
            await ended.Task;
        }
        finally
        {
            await stop.CancelAsync();
            Task[] all;
            lock (gate) all = [.. running];
            await Task.WhenAll(all);
        }
    }

    private async Task WatchOverAsync(Func<CancellationToken, Task> loop)
    {
        // Off the caller's thread: it is an informer's, or a reconcile that must not wait for a provider or a Master.
        await Task.Yield();
        try
        {
            await loop(stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // Stopped by its owner.
        }
        // A bug in here must not leave the operator blind and running.
        catch (Exception error)
        {
            ended.TrySetException(error);
        }
    }
}
