using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What this process knows of each node's attempt. Lost with the process; then the worst is assumed of attempts it finds.</summary>
internal sealed class AttemptTraces(ILeadership leadership, TimeProvider time)
{
    /// <summary>Longest that a create call of a predecessor may stay on its way after it lost the lease.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, AttemptTrace> traces = [];

    public AttemptTrace Of(string nodeUid, KontenaNodeSpec spec)
    {
        var number = spec.Attempt?.Number ?? 0;
        if (traces.TryGetValue(nodeUid, out var trace) && trace.Number == number) return trace;
        if (trace?.Number > number)
            return traces[nodeUid] = AttemptTrace.Rewound(number, time.GetUtcNow(), TakenOver + CallTimeout);
        // An attempt that we did not open ourselves: somebody may have sent its call until the moment we took over.
        return number == 0 ? AttemptTrace.None : AttemptTrace.Inherited(number, TakenOver + CallTimeout);
    }

    private DateTimeOffset TakenOver => leadership.TakenOver ?? time.GetUtcNow();

    public void Keep(string nodeUid, AttemptTrace trace) => traces[nodeUid] = trace;

    public void Forget(string nodeUid) => traces.TryRemove(nodeUid, out _);
}
