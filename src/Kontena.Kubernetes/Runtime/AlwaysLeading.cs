namespace Kontena.Kubernetes.Runtime;

/// <summary>Leadership without a lease, for a process that is alone by construction (its API server refuses a second one).</summary>
public sealed class AlwaysLeading(TimeProvider time) : ILeadership
{
    private readonly DateTimeOffset began = time.GetUtcNow();
    private readonly long beganAt = time.GetTimestamp();

    public CancellationToken Lost => CancellationToken.None;

    public DateTimeOffset? TakenOver => began;

    public TimeSpan? LeadingFor => time.GetElapsedTime(beganAt);

    public bool MayWrite(TimeSpan margin) => true;
}
