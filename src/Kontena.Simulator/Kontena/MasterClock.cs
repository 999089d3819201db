namespace Kontena.Simulator.Kontena;

/// <summary>The Master's own clock: the simulation's, and what it is wrong by.</summary>
internal sealed class MasterClock(TimeProvider simulation) : TimeProvider
{
    private long skew;

    /// <summary>How far it is ahead.</summary>
    public TimeSpan Skew
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref skew));
        set => Volatile.Write(ref skew, value.Ticks);
    }

    /// <summary>The time of all that is simulated, which the histories are in.</summary>
    public DateTimeOffset Simulated => simulation.GetUtcNow();

    public override TimeZoneInfo LocalTimeZone => simulation.LocalTimeZone;

    public override long TimestampFrequency => simulation.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => simulation.GetUtcNow() + Skew;

    public override long GetTimestamp() => simulation.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        simulation.CreateTimer(callback, state, dueTime, period);
}
