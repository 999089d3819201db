using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// What this process knows of a node's present attempt beyond what is written down. It is lost with the process, and
/// <see cref="Inherited"/> is what must be assumed then: somebody may have sent the call a moment ago.
/// </summary>
public sealed record AttemptTrace
{
    /// <summary>The attempt that this is about; 0 before the first.</summary>
    public required int Number { get; init; }

    /// <summary>
    /// The latest moment at which a create call without a known answer may have left, by us or by an operator before us.
    /// Null where every call of the attempt was answered.
    /// </summary>
    public DateTimeOffset? LastPossibleSend { get; init; }

    /// <summary>True where this process opened the attempt and so knows every call of it.</summary>
    public bool OpenedHere { get; init; }

    /// <summary>True once this process has made the create call.</summary>
    public bool Sent { get; init; }

    public Refusal? Refusal { get; init; }

    /// <summary>The machine as the create call answered it.</summary>
    public Machine? Made { get; init; }

    /// <summary>When that answer came: listings begun before it cannot show the machine.</summary>
    public DateTimeOffset? MadeAt { get; init; }

    /// <summary>Machines that the last look found, dead ones included; empty where none or not looked.</summary>
    public IReadOnlyList<Machine> Seen { get; init; } = [];

    public Absences? Absences { get; init; }

    /// <summary>When the last look past the caches was begun, whatever it said.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Why the last look, deletion or resolution failed; null when it went well.</summary>
    public Refusal? Trouble { get; init; }

    /// <summary>When termination was last asked for.</summary>
    public DateTimeOffset? DeleteAskedAt { get; init; }

    /// <summary>When marks were last put on a machine that is being taken over.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>When the record was seen to have gone back to an earlier attempt: only a listing begun after this tells what was made meanwhile.</summary>
    public DateTimeOffset? RewoundAt { get; init; }

    /// <summary>Before any attempt.</summary>
    public static AttemptTrace None { get; } = new() { Number = 0, OpenedHere = true };

    /// <summary>An attempt that another process opened: its last call may have left just before <paramref name="takenOver"/>.</summary>
    public static AttemptTrace Inherited(int number, DateTimeOffset takenOver) => new() { Number = number, LastPossibleSend = takenOver };

    /// <summary>This process knew of a later attempt than the record has now: the cluster's data was put back under it.</summary>
    public static AttemptTrace Rewound(int number, DateTimeOffset at, DateTimeOffset takenOver) =>
        (number == 0 ? None : Inherited(number, takenOver > at ? takenOver : at)) with { RewoundAt = at };

    public static AttemptTrace Opened(int number) => new() { Number = number, OpenedHere = true };

    public AttemptTrace AfterMade(Machine machine, DateTimeOffset at) => this with { Sent = true, Made = machine, MadeAt = at, Refusal = null, Trouble = null };

    /// <summary>A create call failed. One whose outcome is unknown moves <see cref="LastPossibleSend"/>.</summary>
    public AttemptTrace AfterRefused(DriverException fault, DateTimeOffset at, string credentials) => this with
    {
        Sent = true,
        Refusal = Count(Refusal, fault, at, credentials),
        LastPossibleSend = fault.OutcomeUnknown ? at : LastPossibleSend,
        Absences = fault.OutcomeUnknown ? null : Absences,
    };

    /// <summary>A read or a deletion failed: nothing is known, so nothing but the trouble is noted.</summary>
    public AttemptTrace AfterTrouble(DriverException fault, DateTimeOffset at, string credentials) =>
        this with { Trouble = Count(Trouble, fault, at, credentials) };

    /// <summary>An empty answer counts only when the look was begun after the last possible send can no longer bear fruit.</summary>
    public AttemptTrace AfterLook(Lookup lookup, DateTimeOffset begunAt, DriverPromises promises, string credentials) => lookup switch
    {
        Lookup.Found found => this with { LookedAt = begunAt, Seen = found.Machines, Absences = null, Trouble = null },
        Lookup.ConfirmedAbsent => this with
        {
            LookedAt = begunAt,
            Seen = [],
            Absences = LastPossibleSend + promises.MaxCommitDelay > begunAt ? null : Absences.Add(Absences, begunAt, credentials),
            Trouble = null,
        },
        Lookup.Unknown unknown => (this with { LookedAt = begunAt })
            .AfterTrouble(new DriverException(unknown.Fault, unknown.Message), begunAt, credentials),
        _ => throw new ArgumentOutOfRangeException(nameof(lookup), lookup, "unknown lookup"),
    };

    /// <summary>
    /// The shared listing shows the machine: earlier empty looks prove nothing any more, and neither does the create call's answer,
    /// which stands in only until the machine has become visible.
    /// </summary>
    public AttemptTrace AfterSighted() => Absences is null && Made is null ? this : this with { Absences = null, Made = null, MadeAt = null };

    /// <summary>Marks were put on the machine; what the provider showed after that, null where it knows of none.</summary>
    public AttemptTrace AfterClaimed(Machine? now, DateTimeOffset at, DriverPromises promises, string credentials) =>
        AfterLook(now is null ? new Lookup.ConfirmedAbsent() : new Lookup.Found([now]), at, promises, credentials) with { ClaimedAt = at };

    /// <summary>A claim failed, and may have been carried out: what was seen before it proves nothing any more.</summary>
    public AttemptTrace AfterClaimFailed(DriverException fault, DateTimeOffset at, string credentials) =>
        AfterTrouble(fault, at, credentials) with { Seen = [], LookedAt = null };

    /// <summary>As it counts under these credentials: what others did not find proves nothing.</summary>
    public AttemptTrace Under(string credentials) => Absences is { } absences && absences.Credentials != credentials ? this with { Absences = null } : this;

    public AttemptTrace AfterDeleteAsked(DateTimeOffset at) => this with { DeleteAskedAt = at, Trouble = null };

    private static Refusal Count(Refusal? before, DriverException fault, DateTimeOffset at, string credentials) =>
        new(fault.Fault, fault.Message, at, (before?.Fault == fault.Fault ? before.Failures : 0) + 1, credentials) { RetryAfter = fault.RetryAfter };
}
