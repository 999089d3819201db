using System.Collections.Immutable;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// What a process knows of its own writes to the firewalls of one owner. Lost with the process; then the worst is assumed: a predecessor's call
/// may be on its way.
/// </summary>
public sealed record FirewallTrace
{
    /// <summary>Longest that a call may stay on its way after its answer was lost, or after its sender lost the lease.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Longest that a provider may show what was before a write that it has answered (EC2 is eventually consistent).</summary>
    public static readonly TimeSpan ShownFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Late = CallTimeout + ShownFor;

    public static readonly FirewallTrace None = new();

    private ImmutableDictionary<FirewallAccount, FirewallProofs> Writes { get; init; } = ImmutableDictionary<FirewallAccount, FirewallProofs>.Empty;

    /// <summary>The owner's generation when it was last looked at.</summary>
    public long Generation { get; private init; }

    /// <summary>The last write that failed, by the firewall's name.</summary>
    public ImmutableDictionary<string, Refusal> Refused { get; private init; } = ImmutableDictionary<string, Refusal>.Empty;

    /// <summary>Writes that did not make a firewall what it should be, by its name.</summary>
    public ImmutableDictionary<string, FirewallTries> Tries { get; private init; } = ImmutableDictionary<string, FirewallTries>.Empty;

    /// <param name="takenOver">When this process began to lead: a close of its predecessor may be on its way.</param>
    public FirewallProofs ProofsOf(FirewallAccount account, DateTimeOffset takenOver)
    {
        var written = Writes.GetValueOrDefault(account, FirewallProofs.Any);
        return written with { OpenAfter = Later(written.OpenAfter, takenOver + Late) };
    }

    /// <summary>
    /// The owner was looked at. One that is written down and that nobody has seen may be made by a call of a predecessor's that is on its way.
    /// Remembered though it is seen a moment later: two such calls may be.
    /// </summary>
    public FirewallTrace AfterLook(FirewallAccount account, bool unseen, DateTimeOffset takenOver)
    {
        var written = Writes.GetValueOrDefault(account, FirewallProofs.Any);
        return !unseen || written.AbsenceAfter >= takenOver + Late ? this
            : this with { Writes = Writes.SetItem(account, written with { AbsenceAfter = takenOver + Late }) };
    }

    /// <summary>The owner was mended since: what was refused before may be tried at once.</summary>
    public FirewallTrace AfterMended(long generation) => Generation == generation ? this
        : this with { Generation = generation, Refused = ImmutableDictionary<string, Refusal>.Empty, Tries = ImmutableDictionary<string, FirewallTries>.Empty };

    /// <summary>Those that are as they should be are begun with anew.</summary>
    public FirewallTrace AfterSeen(IEnumerable<FirewallState> states) =>
        Tries.IsEmpty ? this : this with { Tries = Tries.RemoveRange(states.Where(s => s is { Lacks: null, IsOpen: true }).Select(s => s.Name)) };

    public FirewallTrace AfterDone(FirewallAction action, DateTimeOffset now) => Written(action, now, now + ShownFor) with
    {
        Refused = Refused.Remove(action.Name),
        Tries = Tries.SetItem(action.Name, new FirewallTries((Tries.GetValueOrDefault(action.Name)?.Count ?? 0) + 1, now)),
    };

    /// <param name="credentials">Identity of those that the account was last listed with.</param>
    public FirewallTrace AfterFailed(FirewallAction action, DriverException fault, DateTimeOffset now, string credentials) =>
        (fault.OutcomeUnknown ? Written(action, now, now + Late) : this) with
        {
            Refused = Refused.SetItem(action.Name, Count(Refused.GetValueOrDefault(action.Name), fault, now, credentials)),
        };

    private FirewallTrace Written(FirewallAction action, DateTimeOffset now, DateTimeOffset shownBy)
    {
        var before = Writes.GetValueOrDefault(action.Account, FirewallProofs.Any);
        return this with
        {
            Writes = Writes.SetItem(action.Account, new FirewallProofs(
                now,
                Later(before.OpenAfter, action is FirewallAction.Close ? shownBy : now),
                Later(before.AbsenceAfter, action is FirewallAction.Make ? shownBy : now))),
        };
    }

    private static Refusal Count(Refusal? before, DriverException fault, DateTimeOffset now, string credentials) =>
        new(fault.Fault, fault.Message, now, (before?.Fault == fault.Fault ? before.Failures : 0) + 1, credentials) { RetryAfter = fault.RetryAfter };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
