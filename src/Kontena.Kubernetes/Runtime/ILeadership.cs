namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Whether this process may change the world now. A lease cannot fence a request that is already on its way, so every
/// mutating call asks <see cref="MayWrite"/> last, right before it sends.
/// </summary>
public interface ILeadership
{
    /// <param name="margin">Time that the call may take: true only if nobody else can hold the lease before it has passed.</param>
    bool MayWrite(TimeSpan margin);

    /// <summary>Cancelled when leadership ended, for whatever reason; it does not come back in this process.</summary>
    CancellationToken Lost { get; }

    /// <summary>
    /// When this process began to lead (wall clock); null before. Until this plus the longest call time-out, requests of a
    /// predecessor may still take effect, be it another replica or this program before a crash.
    /// </summary>
    DateTimeOffset? TakenOver { get; }

    /// <summary>How long this process has been leading, suspended time included; null before. Prefer it to the wall clock, which may jump.</summary>
    TimeSpan? LeadingFor { get; }
}
