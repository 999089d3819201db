using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What this process knows of each node's entry at the Master. Lost with the process; then a call of the one before us may still be on its way.</summary>
internal sealed class MasterTraces(ILeadership leadership, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, MasterTrace> traces = [];

    /// <summary>Of the attempt that the node's record has. Nothing is kept by asking: the record may be an older one from a cache, and what is known of its successor must not be lost.</summary>
    public MasterTrace Of(string nodeUid, KontenaNodeSpec spec)
    {
        var number = spec.Attempt?.Number ?? 0;
        if (traces.TryGetValue(nodeUid, out var trace) && trace.Attempt == number) return trace;
        return number == 0 ? new MasterTrace { Attempt = 0 } : MasterTrace.Inherited(number, (leadership.TakenOver ?? time.GetUtcNow()) + MasterTrace.MaxCommitDelay) with { HasToken = spec.Attempt!.BootstrapRef.Length > 0 };
    }

    /// <summary>Of another node than the one at hand, whose record in the cache may be older than what was done for it.</summary>
    public MasterTrace OfPeer(string nodeUid, KontenaNodeSpec spec) =>
        traces.TryGetValue(nodeUid, out var trace) && trace.Attempt > (spec.Attempt?.Number ?? 0) ? trace : Of(nodeUid, spec);

    public void Keep(string nodeUid, MasterTrace trace) => traces[nodeUid] = trace;

    public void Forget(string nodeUid) => traces.TryRemove(nodeUid, out _);
}
