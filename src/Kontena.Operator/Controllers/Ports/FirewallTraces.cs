using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What this process knows of its own writes to firewalls. Lost with the process; then the worst is assumed: a predecessor's call may be on its way.</summary>
internal sealed class FirewallTraces(ILeadership leadership, TimeProvider time)
{
    /// <summary>Longest that a call may stay on its way after its answer was lost, or after its sender lost the lease.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Trace> traces = new(StringComparer.Ordinal);

    public ImmutableDictionary<string, Refusal> RefusedOf(string ownerUid) => Of(ownerUid).Refused;

    /// <summary>The time after which a listing must have been begun to show what came of every write.</summary>
    /// <param name="absence">It is to prove that nothing is left: calls count that were never answered.</param>
    /// <param name="unseen">One stands in the owner's status that nobody has seen: a predecessor's call that makes it may be on its way. One that was seen is made no second time.</param>
    public DateTimeOffset ProvesAfter(string ownerUid, FirewallAccount account, bool absence, bool unseen)
    {
        var trace = Of(ownerUid);
        var written = trace.WrittenAt.GetValueOrDefault(account, DateTimeOffset.MinValue);
        if (!absence) return written;
        var takenOver = unseen ? (leadership.TakenOver ?? time.GetUtcNow()) + CallTimeout : DateTimeOffset.MinValue;
        return Later(written, Later(trace.UnknownUntil.GetValueOrDefault(account, DateTimeOffset.MinValue), takenOver));
    }

    public void Done(string ownerUid, FirewallAction action) => Change(ownerUid, t => t with
    {
        WrittenAt = t.WrittenAt.SetItem(action.Account, time.GetUtcNow()),
        Refused = t.Refused.Remove(action.Name),
    });

    public void Failed(string ownerUid, FirewallAction action, DriverException fault) => Change(ownerUid, t => t with
    {
        WrittenAt = fault.OutcomeUnknown ? t.WrittenAt.SetItem(action.Account, time.GetUtcNow()) : t.WrittenAt,
        UnknownUntil = fault.OutcomeUnknown ? t.UnknownUntil.SetItem(action.Account, time.GetUtcNow() + CallTimeout) : t.UnknownUntil,
        Refused = t.Refused.SetItem(action.Name, Count(t.Refused.GetValueOrDefault(action.Name), fault)),
    });

    /// <summary>The owner was mended since: what was refused before may be tried at once.</summary>
    public void Mended(string ownerUid, long generation)
    {
        if (Of(ownerUid).Generation != generation) Change(ownerUid, t => t with { Generation = generation, Refused = ImmutableDictionary<string, Refusal>.Empty });
    }

    public void Forget(string ownerUid) => traces.TryRemove(ownerUid, out _);

    private Refusal Count(Refusal? before, DriverException fault) =>
        new(fault.Fault, fault.Message, time.GetUtcNow(), (before?.Fault == fault.Fault ? before.Failures : 0) + 1, "") { RetryAfter = fault.RetryAfter };

    private Trace Of(string ownerUid) => traces.GetValueOrDefault(ownerUid, Trace.None);

    private void Change(string ownerUid, Func<Trace, Trace> change) => traces.AddOrUpdate(ownerUid, _ => change(Trace.None), (_, trace) => change(trace));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed record Trace
    {
        public static readonly Trace None = new();

        public long Generation { get; init; }

        public ImmutableDictionary<FirewallAccount, DateTimeOffset> WrittenAt { get; init; } = ImmutableDictionary<FirewallAccount, DateTimeOffset>.Empty;

        public ImmutableDictionary<FirewallAccount, DateTimeOffset> UnknownUntil { get; init; } = ImmutableDictionary<FirewallAccount, DateTimeOffset>.Empty;

        public ImmutableDictionary<string, Refusal> Refused { get; init; } = ImmutableDictionary<string, Refusal>.Empty;
    }
}
