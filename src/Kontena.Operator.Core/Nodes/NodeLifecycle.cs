namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// From what is seen of a node to the one next step. Pure: called again after each step until it waits.
/// <code>
/// seen                                   next step
/// ─────────────────────────────────────  ──────────────────────────────────────────────
/// installation moved, node restored      wait for a human (before anything else)
/// being deleted                          DeletePath
/// no finalizer                           add it
/// no attempt, or the last one dead       CreatePath: open the next attempt
/// attempt open, no provider id           CreatePath: send, look up, record the id
/// provider id recorded                   RunningPath: watch the machine
/// </code>
/// </summary>
public static class NodeLifecycle
{
    public static NodeStep Next(NodeSeen seen)
    {
        if (seen.Deleting && !seen.HasFinalizer)
            return new NodeStep.Wait("Terminated", "The machine is gone; other finalizers hold the object.");
        if (seen.Deleting && seen.Abandoned)
            return new NodeStep.DropFinalizer("Abandoned", WhatIsLeft(seen), GivenUp: seen.Spec.Attempt is not null);
        if (seen.Frozen is { } freeze)
            return new NodeStep.Wait(freeze.Reason, freeze.Message, NeedsHuman: true);
        if (seen.Spec.Attempt is { } attempt && attempt.NodeUID != seen.Uid)
            return Restored(seen);
        if (seen.Deleting)
            return DeletePath.Next(seen);
        if (!seen.HasFinalizer)
            return new NodeStep.AddFinalizer();
        return seen.Spec.ProviderID is null ? CreatePath.Next(seen) : RunningPath.Next(seen);
    }

    /// <summary>
    /// The object was copied (backup, another cluster): whoever holds the original owns the machine, and a deletion here
    /// would take it away from them.
    /// </summary>
    private static NodeStep.Wait Restored(NodeSeen seen) => new(
        NodeReasons.Restored,
        $"This object is a copy: its attempt was written by node UID {seen.Spec.Attempt!.NodeUID}, its own is {seen.Uid}. Nothing will be created or deleted for it. "
        + "Delete the copy, with its finalizer removed by hand; its machine, if it has one, stays with the original and is otherwise yours to terminate.",
        NeedsHuman: true);

    private static string WhatIsLeft(NodeSeen seen) => seen.Spec switch
    {
        { ProviderID: { } id } => $"Given up by annotation; the machine {id} may live on and is no longer ours to remove.",
        { Attempt: { } attempt } => $"Given up by annotation; attempt {attempt.Number} (token {attempt.Token}) may have made a machine.",
        _ => "Given up by annotation; no machine was ever asked for.",
    };
}
