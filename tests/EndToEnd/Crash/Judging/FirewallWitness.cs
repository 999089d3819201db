using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;
using Kontena.Simulator.Ec2;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>Sees each owner of groups go, and asks the cloud in that moment whether one of them is there still.</summary>
/// <param name="groups">All there ever were.</param>
internal sealed class FirewallWitness(Func<IEnumerable<SecurityGroupSnapshot>> groups)
{
    private readonly ConcurrentQueue<string> violations = [];

    public IReadOnlyList<string> Violations => [.. violations];

    /// <summary>
    /// The test's own watch shows a pool or a Grid lose its finalizer, or go, however that came about. One that had none yet says nothing: the watch
    /// may be so late that by now it has one, and groups.
    /// </summary>
    public void OfChange(IResource? before, IResource? after, string finalizer)
    {
        if (before?.Metadata.Finalizers?.Contains(finalizer) != true || after?.Metadata.Finalizers?.Contains(finalizer) == true) return;
        foreach (var left in FirewallLaw.LeftOf([.. groups()], uid => uid == before.Metadata.Uid))
            violations.Enqueue($"{before.Metadata.Name} has gone, or has no finalizer: {left}");
    }
}
