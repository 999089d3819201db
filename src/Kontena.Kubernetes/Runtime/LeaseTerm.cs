namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// One process's time as leader: begins once, ends once. Counts from the moment a renewal was *sent*, since others count
/// from when they saw it, which cannot be earlier. Ends by itself at the renew deadline, whether or not the loop that renews is still alive.
/// </summary>
internal sealed class LeaseTerm : ILeadership, IDisposable
{
    private readonly Lock gate = new();
    private readonly LeaderElectionOptions options;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource lost = new();
    private readonly ITimer deadline;
    private Phase phase = Phase.Standby;
    private long renewed;
    private long began;
    private DateTimeOffset? takenOver;

    public LeaseTerm(LeaderElectionOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        Lost = lost.Token;
        deadline = clock.CreateTimer(_ => CheckDeadline(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum Phase
    {
        Standby,
        Leading,
        Over,
    }

    public CancellationToken Lost { get; }

    public DateTimeOffset? TakenOver
    {
        get { lock (gate) return takenOver; }
    }

    public TimeSpan? LeadingFor
    {
        get { lock (gate) return phase == Phase.Standby ? null : clock.GetElapsedTime(began); }
    }

    /// <summary>What is left until leadership ends for want of a renewal.</summary>
    public TimeSpan Remaining
    {
        get { lock (gate) return phase == Phase.Leading ? options.RenewDeadline - clock.GetElapsedTime(renewed) : TimeSpan.Zero; }
    }

    public bool MayWrite(TimeSpan margin)
    {
        lock (gate)
        {
            if (phase != Phase.Leading) return false;
            var age = clock.GetElapsedTime(renewed);
            return age < options.RenewDeadline && age + margin < options.LeaseDuration;
        }
    }

    /// <param name="sent">Timestamp just before the write that won or renewed the lease was sent.</param>
    /// <returns>False where that was so long ago that the lease is worth nothing: the process stood still in between.</returns>
    public bool Renew(long sent)
    {
        lock (gate)
        {
            if (phase == Phase.Over || clock.GetElapsedTime(sent) >= options.RenewDeadline) return false;
            renewed = sent;
            if (phase == Phase.Standby)
            {
                phase = Phase.Leading;
                began = clock.GetTimestamp();
                takenOver = clock.GetUtcNow();
            }
        }
        CheckDeadline();
        return true;
    }

    /// <returns>True for the call that ended it.</returns>
    public bool End()
    {
        lock (gate)
        {
            if (phase == Phase.Over) return false;
            phase = Phase.Over;
        }
        lost.Cancel();
        return true;
    }

    public void Dispose()
    {
        deadline.Dispose();
        lost.Dispose();
    }

    private void CheckDeadline()
    {
        lock (gate)
        {
            if (phase != Phase.Leading) return;
            var left = options.RenewDeadline - clock.GetElapsedTime(renewed);
            if (left > TimeSpan.Zero)
            {
                // Whole milliseconds, rounded up: system timers cut off below and would fire just too early.
                deadline.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }
        }
        End();
    }
}
