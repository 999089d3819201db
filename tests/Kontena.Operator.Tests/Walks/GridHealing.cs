using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The end of a walk in a grid: what people do as the conditions of nodes, pools and Grid ask, and what must be so at rest.</summary>
internal sealed class GridHealing(World world, Acts acts, GridActs grid)
{
    /// <summary>Their messages say: delete this node.</summary>
    private static readonly HashSet<string> Hopeless = ["NameTaken", "NotInGrid", "TokenLost", "WrongToken", "IDTaken"];

    public void Mend() => grid.Mend();

    public void Obey()
    {
        if (grid.Grid is null) Tell(grid.Make());
        if (grid.Grid is { Metadata.IsBeingDeleted: true })
            foreach (var pool in acts.Pools.Where(p => !p.Metadata.IsBeingDeleted).ToList()) Tell(acts.DeletePool(pool));
        foreach (var node in acts.Nodes)
        {
            var reason = ReadyOf(node.Status?.Conditions)?.Reason ?? "";
            if (!node.Metadata.IsBeingDeleted && Hopeless.Contains(reason)) Tell($"{acts.DeleteNode(node)}, as told by {reason}");
            if (node.Metadata.IsBeingDeleted && reason == NodeReasons.QuorumAtRisk) Tell($"{grid.GiveUp(node)}, as told by {reason}");
        }
        foreach (var pool in acts.Pools.Where(p => !p.Metadata.IsBeingDeleted && p.Status?.Conditions.Any(c => c is { Type: PoolConditions.Stalled, Reason: NodeReasons.QuorumAtRisk }) == true).ToList())
        {
            var staying = acts.Nodes.Count(n => n.Spec.PoolUID == pool.Metadata.Uid && !n.Metadata.IsBeingDeleted);
            acts.Edit(pool, spec => spec with { Replicas = staying });
            Tell($"asks for {staying} nodes of {pool.Metadata.Name} again");
        }
        foreach (var left in grid.LeftToUs)
        {
            world.Realm.RemoveByHand(left);
            Tell($"removes {left.Name} at the Master, which nobody else does");
        }
    }

    /// <returns>The first thing that is not as declared; null where all is.</returns>
    public string? Missing()
    {
        var (nodes, entries) = (acts.Nodes, world.Realm.Ours.ToList());
        if (grid.Grid is not { } there) return "there is no Grid";
        if (there.Metadata.IsBeingDeleted) return $"the Grid is still being deleted: {ReadyOf(there.Status?.Conditions)?.Message}";
        if (there.Status?.Nodes != world.Realm.Entries.Count || there.Status.OnlineNodes != world.Realm.Entries.Count(e => e.IsConnected)) return "the Grid's status does not tell what the Master has";
        if (there.Status.Replacing is { } slot) return $"the slot is that of {slot.Name}";
        if (ReadyOf(there.Status?.Conditions) is not { Status: ConditionStatus.True }) return $"the Grid is not ready: {ReadyOf(there.Status?.Conditions)?.Message}";
        if (!grid.SecretIsHeld) return "the Grid's Secret is not held";
        foreach (var node in nodes)
        {
            if (entries.Where(e => e.MadeFor == node.Metadata.Uid).ToList() is not [var entry]) return $"node {node.Metadata.Name} has not exactly one entry at the Master";
            if (!entry.IsConnected || entry.NodeId != node.Spec.ProviderID) return $"{entry.Name} is not online with the machine {node.Spec.ProviderID}";
        }
        return entries.Find(e => nodes.TrueForAll(n => n.Metadata.Uid != e.MadeFor)) is { } leaked ? $"{leaked.Name} is left at the Master and no node has it" : null;
    }

    private void Tell(string what) => world.Story?.Add($"{world.Clock} the user {what}");

    private static Condition? ReadyOf(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == NodeConditions.Ready);
}
