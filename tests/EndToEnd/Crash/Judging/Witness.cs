using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>Sees each node's finalizer fall, and asks the cloud in that moment whether a machine of the node is there still.</summary>
/// <param name="machines">All there ever were.</param>
internal sealed class Witness(Func<IEnumerable<InstanceSnapshot>> machines)
{
    private readonly ConcurrentQueue<string> violations = [];

    public IReadOnlyList<string> Violations => [.. violations];

    /// <summary>An operator is about to patch a node: where it takes the finalizer off, nothing may be left that could still work or cost.</summary>
    public void OfPatch(ObjectKey node, Patch patch)
    {
        if (patch.Format != PatchFormat.Json || JsonNode.Parse(patch.Body.Span) is not JsonArray operations) return;
        if (!operations.Any(o => (string?)o!["op"] == "remove" && (string?)o["path"] is { } path && path.StartsWith("/metadata/finalizers", StringComparison.Ordinal))) return;
        var uid = (string?)operations.FirstOrDefault(o => (string?)o!["path"] == "/metadata/uid")?["value"];
        foreach (var machine in machines().Where(m => m.Tags.GetValueOrDefault("kontena-node") == uid && m.State != InstanceState.Terminated))
            violations.Enqueue($"the finalizer of node {node.Name} ({uid}) falls while its machine {machine.Id} is {machine.State}");
    }

    /// <summary>The test's own watch shows a node without the finalizer, or no node at all, however that came about.</summary>
    public void OfChange(KontenaNode? before, KontenaNode? after)
    {
        if (before is null || after?.Metadata.Finalizers?.Contains(ApiGroup.NodeFinalizer) == true) return;
        foreach (var machine in machines().Where(m => m.Living && m.Tags.GetValueOrDefault("kontena-node") == before.Metadata.Uid))
            violations.Enqueue($"node {before.Metadata.Name} ({before.Metadata.Uid}) has gone, or has no finalizer, while its machine {machine.Id} is {machine.State}");
    }
}
