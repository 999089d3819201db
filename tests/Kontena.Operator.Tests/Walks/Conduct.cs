using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Tests.Walks;

/// <summary>One reconcile and what its operator saw of the pool when it began.</summary>
internal sealed record Round(string Controller, ObjectKey Key, PoolView? Began);

/// <summary>A pool as the operator's stores show it.</summary>
/// <param name="Staying">Nodes that are not being deleted.</param>
internal sealed record PoolView(string Uid, bool Paused, bool Deleting, int? Replicas, int Staying);

/// <summary>Judges what an operator sets out to do, before it is known whether it succeeds.</summary>
internal sealed class Conduct(World world)
{
    private readonly AsyncLocal<Round?> round = new();

    /// <summary>Set once the operator has its stores.</summary>
    public Wiring? Wiring { get; set; }

    /// <summary>What is called from here on belongs to this reconcile.</summary>
    public void Begin(string controller, ObjectKey key) => round.Value = new Round(controller, key, View(controller == "nodepools" ? key : PoolOf(key)));

    public void End() => round.Value = null;

    public void CreatesNode(ObjectKey node) => IsNotPaused($"creates node {node.Name}");

    public void CreatesMachine(MachineRequest request) => IsNotPaused($"asks for a machine for {request.Name}");

    /// <summary>A node goes for one of these: its pool goes or shrinks, its machine is lost, it never had one and never will.</summary>
    public void DeletesNode(ObjectKey key, DeleteQuery query)
    {
        var uid = query.Uid;
        IsNotPaused($"deletes node {key.Name}");
        if (uid is null) world.Violate($"{key.Name} is deleted whatever node has that name by now");
        if (uid is null || world.Witness.Node(uid) is not { } node || world.Witness.Pool(node.PoolUid) is null or { Deleting: true }) return;
        // Decided on another version of it: refused.
        if (query.ResourceVersion is { } version && version != node.Version) return;
        if (node.ProviderId is null || !world.Cloud.Living.Any(m => m.ProviderId == node.ProviderId && m.State is not MachineState.Terminating)) return;
        if (IsSurplus(round.Value?.Began) || IsSurplus(View(round.Value?.Key))) return;
        world.Violate($"node {key.Name} is deleted though its pool wants it and its machine {node.ProviderId} lives");
    }

    public void EndsMachine(string providerId)
    {
        if (world.Cloud.Machines.FirstOrDefault(m => m.ProviderId == providerId) is not { IsAlive: true, Marks: { } marks } machine) return;
        if (!world.IsOurs(machine))
            world.Violate($"the operator ends {providerId}, which it did not make");
        else if (world.Witness.Node(marks.NodeUid) is { } node ? !node.Deleting && !world.Witness.IsCondemned(node.Uid, providerId) : !world.Witness.HasTombstone(marks.NodeUid) && !world.Witness.IsExcused(machine))
            world.Violate($"the operator ends {providerId}, though nobody deleted its node");
        if (world.Witness.Node(marks.NodeUid)?.ProviderId == providerId) world.GridWitness.Ends(machine, marks.NodeUid);
    }

    private static bool IsSurplus(PoolView? pool) => pool is { Replicas: { } replicas } && pool.Staying > replicas;

    /// <summary>What was decided before the pause was seen may still be done.</summary>
    private void IsNotPaused(string what)
    {
        if (round.Value is { Began.Paused: true } now && View(now.Controller == "nodepools" ? now.Key : PoolOf(now.Key)) is { Paused: true, Deleting: false })
            world.Violate($"the operator {what} though it saw the pool paused");
    }

    private ObjectKey? PoolOf(ObjectKey node) => Wiring?.Nodes.Store.Find(node) is { } known ? new ObjectKey(node.Namespace, known.Spec.PoolName) : null;

    private PoolView? View(ObjectKey? key)
    {
        if (key is not { } known || Wiring?.Pools.Store.Find(known) is not { } pool) return null;
        var staying = Wiring.Nodes.Store.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!).Count(n => !n.Metadata.IsBeingDeleted);
        return new PoolView(pool.Metadata.Uid!, pool.Spec.Paused, pool.Metadata.IsBeingDeleted, pool.Spec.Replicas, staying);
    }
}
