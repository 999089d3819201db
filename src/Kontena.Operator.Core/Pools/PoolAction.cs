using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools;

/// <summary>One thing to do for a pool, with the sentence that the log, the Event and the condition share.</summary>
public abstract record PoolAction(string Reason, string Message)
{
    /// <summary>Write the present count where the manifest leaves it out.</summary>
    public sealed record SetReplicas(int Replicas) : PoolAction("ReplicasSet", $"spec.replicas was left out; it is now {Replicas}.");

    public sealed record AddNode(string Name, int Ordinal, string Zone, string Reason, string Message) : PoolAction(Reason, Message);

    /// <summary>A node that takes a living machine over instead of making one.</summary>
    /// <param name="Snapshot">Of the copied node, which tells what the machine was made from; null where only the machine is left.</param>
    public sealed record AdoptMachine(string Name, int Ordinal, AdoptedMachine Machine, KontenaNodeSpec? Snapshot, string Zone, string Message) : PoolAction("Adopting", Message);

    /// <summary>Let the object of a copied node go. Nothing is terminated: no machine hangs on it.</summary>
    /// <param name="Uid">Precondition: this copy, not a later node of the same name.</param>
    public sealed record ForgetCopy(string Name, string Uid) : PoolAction("CopyForgotten", $"The copied node {Name} goes; no machine hangs on it any more.");

    /// <summary>Everything is taken over: take the annotation off, so that the next restore asks anew.</summary>
    public sealed record EndAdoption(string FormerUid) : PoolAction("Adopted", $"Everything that the pool of UID {FormerUid} had is taken over.");

    /// <param name="Uid">Precondition: this node, not a later one of the same name.</param>
    public sealed record RemoveNode(string Name, string Uid, string Reason, string Message) : PoolAction(Reason, Message)
    {
        /// <summary>Precondition where the node goes for what it says of itself, which may be over: its resourceVersion; null where it goes whatever becomes of it.</summary>
        public string? Version { get; init; }
    }

    /// <summary>Hold the pool and remember its Secrets again: somebody put another object in its place (<c>kubectl replace</c>).</summary>
    public sealed record HoldAgain(IReadOnlyList<string> Secrets) : PoolAction("HeldAgain", "The finalizer was taken off while the pool has nodes; it is put back.");

    /// <summary>Let Secrets be deleted that were needed before <c>credentialsRef</c> moved.</summary>
    public sealed record ReleaseSecrets(IReadOnlyList<string> Names) : PoolAction("SecretsReleased", $"Neither the pool nor a node of it names {string.Join(", ", Names)} any more.");

    /// <summary>The pool is being deleted and its last node is gone.</summary>
    public sealed record DropFinalizer() : PoolAction("Deleted", "The last node is gone.");
}
