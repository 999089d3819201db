namespace Kontena.Operator.Tests.Walks;

/// <summary>
/// Everything of one operator's life runs here, in order, on the thread of the test: that is what makes a walk repeat exactly. What a dead
/// operator still had to do is never done.
/// </summary>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> waiting = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private bool ended;

    /// <summary>Something ran elsewhere: the walk is worth nothing then.</summary>
    public bool WasLeft { get; private set; }

    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread) WasLeft = true;
        if (!ended) waiting.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nothing waits for another thread here");

    /// <summary>Does this and all that follows from it now.</summary>
    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
            while (!ended && waiting.TryDequeue(out var next)) next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void End()
    {
        ended = true;
        waiting.Clear();
    }
}
