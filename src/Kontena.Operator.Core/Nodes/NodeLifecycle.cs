namespace Kontena.Operator.Core.Nodes;

/// <summary>
/// From what is seen of a node to the one next step. Pure: called again after each step until it waits.
/// <code>
/// seen                                   next step
/// ─────────────────────────────────────  ──────────────────────────────────────────────
/// installation moved, node restored      wait for a human (before anything else)
/// being deleted                          DeletePath
/// takes a machine over, has none yet     AdoptPath: claim it, record the id
/// no finalizer                           add it
/// a later attempt's machine is listed    record it; wait for a human where nothing proves it
/// no attempt, or the last one dead       CreatePath: open the next attempt
/// attempt open, no provider id           CreatePath: send, look up, record the id
/// provider id recorded                   RunningPath: watch the machine
/// </code>
/// </summary>
public static class NodeLifecycle
{
    public static NodeStep Next(NodeSeen seen)
    {
        seen = seen with { Trace = seen.Trace.Under(seen.Credentials) };
        if (seen.Deleting && !seen.HasFinalizer)
            return new NodeStep.Wait("Terminated", "The machine is gone; other finalizers hold the object.");
        if (seen.Deleting && seen.Abandoned)
            return LeavePath.SlotOf(seen) ?? new NodeStep.DropFinalizer("Abandoned", WhatIsLeft(seen), GivenUp: seen.Spec.Attempt is not null);
        if (seen.Frozen is { } freeze)
            return new NodeStep.Wait(freeze.Reason, freeze.Message, NeedsHuman: true);
        if (seen.Spec.IsCopy(seen.Uid))
            return Restored(seen);
        if (seen.Spec is { ProviderID: null, Adopts: { } adopts })
            return AdoptPath.Next(seen, adopts);
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
        + $"Run \"kubectl annotate np {seen.Spec.PoolName} --overwrite {Api.ApiGroup.AdoptAnnotation}={seen.Spec.PoolUID}\" "
        + $"to let pool {seen.Spec.PoolName} take over what it had as UID {seen.Spec.PoolUID}; or \"kubectl annotate kn {seen.Name} {Api.ApiGroup.AbandonAnnotation}={seen.Uid}\" and \"kubectl delete kn {seen.Name} --ignore-not-found\" to let this object go and leave its machine alone.",
        NeedsHuman: true);

    private static string WhatIsLeft(NodeSeen seen) => seen.Spec switch
    {
        { ProviderID: { } id } => $"Given up by annotation; the machine {id} may live on and is no longer ours to remove.",
        { Attempt: { } attempt } => $"Given up by annotation; attempt {attempt.Number} (token {attempt.Token}) may have made a machine.",
        _ => "Given up by annotation; no machine was ever asked for.",
    };
}
