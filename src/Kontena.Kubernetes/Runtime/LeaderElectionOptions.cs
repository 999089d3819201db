using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Which lease, as whom, and how long. The defaults are client-go's.</summary>
public sealed record LeaderElectionOptions
{
    public required ObjectKey Lease { get; init; }

    /// <summary>Unique to this process, not to its host: a restarted process is another holder, whose old requests may still be on their way.</summary>
    public required string Identity { get; init; }

    /// <summary>How long others wait after the last renewal they saw. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without a renewal for this long the leader gives up, well before others may take over.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two renewals, and between two tries to take the lease; lengthened by up to a fifth at random.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For giving the lease back at a stop.</summary>
    public TimeSpan ReleaseTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long what the leader does may take: it begins nothing that could outlast the lease.</summary>
    public TimeSpan LongestWork { get; init; }

    /// <exception cref="ArgumentException">The times do not leave room for each other.</exception>
    public LeaderElectionOptions Validated()
    {
        if (Identity.Length == 0) throw new ArgumentException("Leader election needs an identity.");
        if (RetryPeriod < TimeSpan.FromMilliseconds(100)) throw new ArgumentException($"The retry period {RetryPeriod} is shorter than a tenth of a second.");
        if (LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentException($"The lease duration {LeaseDuration} is not a whole number of seconds.");
        if (LeaseDuration <= RenewDeadline) throw new ArgumentException($"The lease duration {LeaseDuration} must be longer than the renew deadline {RenewDeadline}.");
        if (RenewDeadline <= RetryPeriod * 1.2) throw new ArgumentException($"The renew deadline {RenewDeadline} must be longer than the retry period {RetryPeriod} and a fifth.");
        // Renewed once a period, a little later now and then: between two renewals there must be time in which something may begin.
        if (LeaseDuration < LongestWork + RetryPeriod * 2)
            throw new ArgumentException($"The lease duration {LeaseDuration} must be at least twice the retry period {RetryPeriod} and the {LongestWork} that a call may take.");
        return this;
    }
}
