using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What this process knows of its own writes to firewalls, by the owner's UID.</summary>
internal sealed class FirewallTraces(ILeadership leadership, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, FirewallTrace> traces = new(StringComparer.Ordinal);

    private DateTimeOffset TakenOver => leadership.TakenOver ?? time.GetUtcNow();

    public FirewallTrace Of(string ownerUid) => traces.GetValueOrDefault(ownerUid, FirewallTrace.None);

    public FirewallProofs ProofsOf(string ownerUid, FirewallAccount account) => Of(ownerUid).ProofsOf(account, TakenOver);

    /// <param name="unseen">One stands in the owner's status that nobody has seen.</param>
    public void Look(string ownerUid, FirewallAccount account, bool unseen) => Change(ownerUid, t => t.AfterLook(account, unseen, TakenOver));

    public void Done(string ownerUid, FirewallAction action) => Change(ownerUid, t => t.AfterDone(action, time.GetUtcNow()));

    /// <param name="credentials">Identity of those that the account was last listed with.</param>
    public void Failed(string ownerUid, FirewallAction action, DriverException fault, string credentials) => Change(ownerUid, t => t.AfterFailed(action, fault, time.GetUtcNow(), credentials));

    public void Seen(string ownerUid, IReadOnlyList<FirewallState> states) => Change(ownerUid, t => t.AfterSeen(states));

    public void Mended(string ownerUid, long generation) => Change(ownerUid, t => t.AfterMended(generation));

    public void Forget(string ownerUid) => traces.TryRemove(ownerUid, out _);

    private void Change(string ownerUid, Func<FirewallTrace, FirewallTrace> change) => traces.AddOrUpdate(ownerUid, _ => change(FirewallTrace.None), (_, trace) => change(trace));
}
