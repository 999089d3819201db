using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What this process knows of each node's entry at the Master. Lost with the process; then a call of the one before us may still be on its way.</summary>
internal sealed class MasterTraces(ILeadership leadership, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, MasterTrace> traces = [];

    public MasterTrace Of(string nodeUid, KontenaNodeSpec spec)
    {
        var number = spec.Attempt?.Number ?? 0;
        if (traces.TryGetValue(nodeUid, out var trace) && trace.Attempt == number) return trace;
        return traces[nodeUid] = number == 0 ? new MasterTrace { Attempt = 0 } : MasterTrace.Inherited(number, (leadership.TakenOver ?? time.GetUtcNow()) + MasterTrace.MaxCommitDelay) with { HasToken = spec.Attempt!.BootstrapRef.Length > 0 };
    }

    public void Keep(string nodeUid, MasterTrace trace) => traces[nodeUid] = trace;

    public void Forget(string nodeUid) => traces.TryRemove(nodeUid, out _);
}
