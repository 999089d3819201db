namespace Kontena.Kubernetes.Runtime;

/// <summary>Who asked an informer for a fresh list. A request is served only by a list that begins after it.</summary>
#pragma warning disable CA1001 // The source has no timer, so nothing to free, and a request may cancel it after the watch is over.
internal sealed class RelistRequests
#pragma warning restore CA1001
{
    private readonly Lock gate = new();
    private List<TaskCompletionSource> waiting = [];
    private CancellationTokenSource? interrupt;
    private bool ended;

    public bool Any
    {
        get { lock (gate) return waiting.Count > 0; }
    }

    public Task Ask()
    {
        var request = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenSource? open;
        lock (gate)
        {
            if (ended) return Task.FromCanceled(new CancellationToken(canceled: true));
            waiting.Add(request);
            open = interrupt;
            interrupt = null;
        }
        open?.Cancel();
        return request.Task;
    }

    /// <summary>A token that the next request cancels, or that already is cancelled when one waits.</summary>
    public CancellationToken Interrupt()
    {
        lock (gate)
        {
            if (waiting.Count > 0) return new CancellationToken(canceled: true);
            interrupt = new CancellationTokenSource();
            return interrupt.Token;
        }
    }

    public RelistBatch Take()
    {
        lock (gate)
        {
            // The watch that the last interrupt belonged to is over.
            interrupt = null;
            var taken = waiting;
            waiting = [];
            return new RelistBatch(taken);
        }
    }

    public void End()
    {
        List<TaskCompletionSource> left;
        lock (gate)
        {
            ended = true;
            left = waiting;
            waiting = [];
        }
        foreach (var request in left) request.TrySetCanceled();
    }
}

/// <summary>The requests that one list serves.</summary>
internal sealed class RelistBatch(IReadOnlyList<TaskCompletionSource> requests)
{
    public void Complete()
    {
        foreach (var request in requests) request.TrySetResult();
    }

    public void Cancel()
    {
        foreach (var request in requests) request.TrySetCanceled();
    }

    public void Fail(Exception fault)
    {
        foreach (var request in requests) request.TrySetException(fault);
    }
}
