namespace Kontena.Simulator.Machines;

/// <summary>Waiting within machines: their seconds may be shorter than real ones.</summary>
internal sealed class Waits(TimeProvider time, TimeSpan second)
{
    public TimeProvider Time => time;

    public TimeSpan Length(double seconds) => second * seconds;

    /// <summary>Calls once, unless the timer is disposed before.</summary>
    public ITimer After(double seconds, Action act) => time.CreateTimer(static state => ((Action)state!)(), act, Length(seconds), Timeout.InfiniteTimeSpan);

    public Task DelayAsync(double seconds, CancellationToken ct) => Task.Delay(Length(seconds), time, ct);
}
