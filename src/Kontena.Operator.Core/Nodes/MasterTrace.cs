using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Core.Nodes;

/// <summary>What this process knows of a node's entry at the Master beyond the listing. Lost with the process; then it is asked again.</summary>
public sealed record MasterTrace
{
    /// <summary>How long after it was given up a call may still be carried out: it is in a proxy, or in the Master's queue.</summary>
    public static readonly TimeSpan MaxCommitDelay = TimeSpan.FromSeconds(15);

    /// <summary>The attempt that this is about.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// Until when a call that makes the entry and was not answered may be carried out, of ours or of an operator before us. It holds beyond a
    /// later answer: once the entry is taken away such a call would make it anew.
    /// </summary>
    public DateTimeOffset? LastPossibleSend { get; init; }

    /// <summary>Until when a removal of ours that was not answered may be carried out.</summary>
    public DateTimeOffset? LastPossibleRemoval { get; init; }

    /// <summary>The Master has the entry with this attempt's token: it answered so.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>False where the token is not written down any more, or never was (a machine that was taken over): nothing can be compared with it.</summary>
    public bool HasToken { get; init; } = true;

    /// <summary>The Master said that the name is taken; whether by us is to be found out.</summary>
    public bool NameMet { get; init; }

    /// <summary>The entry of this name has another token than ours: since when we know.</summary>
    public DateTimeOffset? ForeignAt { get; init; }

    /// <summary>When the Master last said that there is no such entry, or took it away for us: a listing begun before proves nothing.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>The entry as the Master showed it when it was asked for this one, and when that was; null: it was not, or has said since that it is gone.</summary>
    public (MasterNode Entry, DateTimeOffset At)? Read { get; init; }

    /// <summary>When the entry was given our mark: a listing begun before still shows the former one.</summary>
    public DateTimeOffset? RelabelledAt { get; init; }

    /// <summary>When services were asked to move away.</summary>
    public DateTimeOffset? DrainAskedAt { get; init; }

    /// <summary>How many containers of services it had, and when that was asked.</summary>
    public (int Count, DateTimeOffset At)? Containers { get; init; }

    /// <summary>The initial members' health, asked for this node's sake.</summary>
    public IReadOnlyDictionary<string, NodeHealth>? Health { get; init; }

    public DateTimeOffset? HealthAt { get; init; }

    /// <summary>Why the last call failed; null when it went well.</summary>
    public MasterRefusal? Trouble { get; init; }

    /// <summary>True where the Master may have, or get, an entry that this list could not show: until then others must count it.</summary>
    public bool MayBeMissingIn(MasterListing listing) => ConfirmedAt >= listing.BegunAt || LastPossibleSend >= listing.BegunAt;

    /// <summary>The attempt after this one: the former's entry is gone.</summary>
    public MasterTrace Next(int attempt) => new() { Attempt = attempt, GoneAt = GoneAt, LastPossibleSend = LastPossibleSend, LastPossibleRemoval = LastPossibleRemoval };

    /// <summary>An attempt that another process opened: its call may have left just before we took over.</summary>
    public static MasterTrace Inherited(int attempt, DateTimeOffset takenOver) => new() { Attempt = attempt, LastPossibleSend = takenOver };

    public MasterTrace AfterConfirmed(DateTimeOffset at) => this with { ConfirmedAt = at, NameMet = false, ForeignAt = null, GoneAt = null, Trouble = null };

    /// <summary>A call failed, any but the one that makes the entry: whatever was asked for may be carried out yet.</summary>
    public MasterTrace AfterTrouble(MasterException fault, DateTimeOffset at) =>
        Failed(fault, at) with { LastPossibleRemoval = fault.OutcomeUnknown ? at + MaxCommitDelay : LastPossibleRemoval };

    public MasterTrace AfterSent(MasterException fault, DateTimeOffset at) =>
        fault is { Fault: MasterFault.Refused, Field: "name" }
            ? this with { NameMet = true, Trouble = null }
            : Failed(fault, at) with { LastPossibleSend = fault.OutcomeUnknown ? at + MaxCommitDelay : LastPossibleSend };

    public MasterTrace AfterGone(DateTimeOffset at) => this with { GoneAt = at, Read = null, ConfirmedAt = null, NameMet = false, ForeignAt = null, Trouble = null };

    private MasterTrace Failed(MasterException fault, DateTimeOffset at) =>
        this with { Trouble = new MasterRefusal(fault.Fault, fault.Message, at, (Trouble?.Fault == fault.Fault ? Trouble.Failures : 0) + 1, fault.NeedsHuman) { Reason = fault.Reason, RetryAfter = fault.RetryAfter } };
}

/// <summary>A call to the Master that failed.</summary>
/// <param name="Failures">How many in a row.</param>
public sealed record MasterRefusal(MasterFault Fault, string Message, DateTimeOffset At, int Failures, bool NeedsHuman)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Condition reason: the same word that the Grid says.</summary>
    public string Reason { get => field ?? GridReasons.Of(Fault); init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Before it nothing is tried again.</summary>
    public DateTimeOffset RetryAt
    {
        get
        {
            var wait = TimeSpan.FromSeconds(1) * Math.Pow(2, Math.Clamp(Failures - 1, 0, 10));
            if (NeedsHuman) wait = TimeSpan.FromSeconds(15);
            return At + (RetryAfter > wait ? RetryAfter.Value : wait < Longest ? wait : Longest);
        }
    }
}
