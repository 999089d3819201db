using System.Collections.Concurrent;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>Sees each machine's end come, and asks Master and Grid in that moment whether its node may go.</summary>
/// <param name="machines">All there ever were.</param>
/// <param name="slot">UID of the node that has the Grid's slot now, past every cache; null where none has.</param>
internal sealed class GridWitness(KontenaMaster master, string grid, Func<IEnumerable<InstanceSnapshot>> machines, Func<Task<string?>> slot)
{
    private readonly ConcurrentQueue<string> violations = [];
    private volatile bool everybodyGoes;

    public IReadOnlyList<string> Violations => [.. violations];

    /// <summary>The pool is being deleted: there is nowhere to go, and no quorum to keep.</summary>
    public void EverybodyGoes() => everybodyGoes = true;

    /// <summary>An operator is about to end a machine, right now.</summary>
    public async Task OfEndAsync(string providerId)
    {
        if (everybodyGoes || machines().FirstOrDefault(m => providerId.EndsWith(m.Id, StringComparison.Ordinal)) is not { Living: true } machine) return;
        var uid = machine.Tags.GetValueOrDefault("kontena-node");
        var there = master.Nodes.Where(n => n.RemovedAt is null && n.Grid == grid).ToList();
        if (there.Find(n => n.Origin == NodeOrigin.Api && GridLaw.OwnerOf(n) == uid) is not { Status: HostNodeStatus.Online or HostNodeStatus.Drain } node) return;
        if (master.Containers.Count(c => c.Grid == grid && c.Node == node.Name && c.Running) is > 0 and var count && there.Exists(n => n.Status == HostNodeStatus.Online && n.Key != node.Key))
            violations.Enqueue($"machine {machine.Id} is ended while {node.Name} has {count} containers that could have moved");
        var formed = there.Count(n => n is { InitialMember: true, Status: not HostNodeStatus.Created }) > 1;
        if (node.InitialMember && formed && await slot() is var holder && holder != uid && !everybodyGoes)
            violations.Enqueue($"machine {machine.Id} of the initial member {node.Name} is ended while the slot is {(holder is null ? "free" : $"that of node {holder}")}");
    }

    /// <summary>The test's own watch shows the slot go from one to another: between them it must have been free.</summary>
    public void OfChange(Grid? before, Grid? after)
    {
        if (before?.Status?.Replacing is { } was && after?.Status?.Replacing is { } now && was.NodeUID != now.NodeUID)
            violations.Enqueue($"the slot goes from {was.Name} to {now.Name} and was never given back");
    }
}
