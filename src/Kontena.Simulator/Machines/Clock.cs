namespace Kontena.Simulator.Machines;

/// <summary>A machine's clock: true time and how far it is off. Safe to use from any thread.</summary>
internal sealed class Clock(TimeProvider time)
{
    private long skewTicks;

    public TimeSpan Skew
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref skewTicks));
        set => Interlocked.Exchange(ref skewTicks, value.Ticks);
    }

    public DateTimeOffset Now => time.GetUtcNow() + Skew;

    public void Mend() => Skew = TimeSpan.Zero;
}
