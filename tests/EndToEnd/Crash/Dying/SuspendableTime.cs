namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>
/// The clock of a process that may be made to stand still: time goes on without it (CLOCK_BOOTTIME), and timers that come due meanwhile fire
/// when it goes on.
/// </summary>
internal sealed class SuspendableTime(TimeProvider inner) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Action> due = [];
    private bool suspended;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(s => Fire(() => callback(s)), state, dueTime, period);

    public void Suspend()
    {
        lock (gate) suspended = true;
    }

    public void Resume()
    {
        List<Action> missed;
        lock (gate)
        {
            suspended = false;
            missed = [.. due];
            due.Clear();
        }
        foreach (var fire in missed) fire();
    }

    private void Fire(Action fire)
    {
        lock (gate)
        {
            if (suspended)
            {
                due.Add(fire);
                return;
            }
        }
        fire();
    }
}
