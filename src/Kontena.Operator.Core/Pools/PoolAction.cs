namespace Kontena.Operator.Core.Pools;

/// <summary>One thing to do for a pool, with the sentence that the log, the Event and the condition share.</summary>
public abstract record PoolAction(string Reason, string Message)
{
    /// <summary>Write the present count where the manifest leaves it out.</summary>
    public sealed record SetReplicas(int Replicas) : PoolAction("ReplicasSet", $"spec.replicas was left out; it is now {Replicas}.");

    public sealed record AddNode(string Name, int Ordinal, string Zone, string Reason, string Message) : PoolAction(Reason, Message);

    /// <param name="Uid">Precondition: this node, not a later one of the same name.</param>
    public sealed record RemoveNode(string Name, string Uid, string Reason, string Message) : PoolAction(Reason, Message);

    /// <summary>The pool is being deleted and its last node is gone.</summary>
    public sealed record DropFinalizer() : PoolAction("Deleted", "The last node is gone.");
}
