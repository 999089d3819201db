using Kontena.TestKit;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The world's clock as one operator sees it: its timers die with it.</summary>
internal sealed class LifeTime(ManualTime clock) : TimeProvider, IDisposable
{
    private readonly List<ITimer> timers = [];

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        timers.Add(timer);
        return timer;
    }

    public void Dispose()
    {
        foreach (var timer in timers) timer.Dispose();
    }
}
