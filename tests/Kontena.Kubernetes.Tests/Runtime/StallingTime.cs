namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>One process's view of a shared clock: while it is frozen its timers do not fire, but time goes on, as for a suspended or starved process.</summary>
internal sealed class StallingTime(TimeProvider inner, TimeSpan wallClockError) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Action> missed = [];
    private bool frozen;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + wallClockError;

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(_ => Fire(() => callback(state)), null, dueTime, period);

    public void Freeze()
    {
        lock (gate) frozen = true;
    }

    public void Thaw()
    {
        List<Action> late;
        lock (gate)
        {
            frozen = false;
            late = [.. missed];
            missed.Clear();
        }
        foreach (var fire in late) fire();
    }

    private void Fire(Action callback)
    {
        lock (gate)
        {
            if (frozen)
            {
                missed.Add(callback);
                return;
            }
        }
        callback();
    }
}
