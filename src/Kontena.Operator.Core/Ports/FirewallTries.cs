namespace Kontena.Operator.Core.Ports;

/// <summary>Writes to one firewall that succeeded since it was last seen as it should be.</summary>
/// <param name="LastAt">When the last of them succeeded.</param>
public sealed record FirewallTries(int Count, DateTimeOffset LastAt)
{
    /// <summary>It is made, opened and closed: these follow each other at once, and once more where something changed meanwhile.</summary>
    private const int Usual = 6;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>When the next write may be sent. Somebody who undoes each of them, or a provider that shows rules otherwise than we wrote them, must not have us call for ever.</summary>
    public DateTimeOffset RetryAt => Count < Usual ? LastAt : LastAt + Pause;

    private TimeSpan Pause => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(Count - Usual + 1, 10)), Longest.TotalSeconds));
}
