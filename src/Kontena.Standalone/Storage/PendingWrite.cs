namespace Kontena.Standalone.Storage;

/// <summary>A write that waits for its turn, and then for the commit that it shares with its neighbours.</summary>
internal abstract class PendingWrite
{
    private int begun;

    /// <summary>False when it was cancelled while it waited: then it must not run.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref begun, 1) == 0;

    /// <summary>Ends a write that still waits. One that has begun is carried to its end: its outcome is the disk's to say.</summary>
    public void Cancel(CancellationToken ct)
    {
        if (TryBegin()) OnCancelled(ct);
    }

    /// <summary>Does the work. False when it failed: its changes are to be undone, its caller hears of it after the commit.</summary>
    public abstract bool Run(StoreTransaction transaction);

    /// <summary>Tells the caller what the work returned or threw. Only after the commit: even a refusal may rest on what a neighbour wrote.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing of the whole group was written, or that nobody knows.</summary>
    public abstract void Fail(Exception fault);

    protected abstract void OnCancelled(CancellationToken ct);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<StoreTransaction, T> work) : PendingWrite
{
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? fault;

    public Task<T> Outcome => outcome.Task;

    public override bool Run(StoreTransaction transaction)
    {
        try
        {
            result = work(transaction);
            return true;
        }
        catch (Exception e)
        {
            // Whatever it is, it is the caller's: it must not reach the neighbours.
            fault = e;
            return false;
        }
    }

    public override void Complete()
    {
        if (fault is null) outcome.SetResult(result!);
        else outcome.SetException(fault);
    }

    public override void Fail(Exception fault) => outcome.SetException(fault);

    protected override void OnCancelled(CancellationToken ct) => outcome.SetCanceled(ct);
}
