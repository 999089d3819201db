namespace Kontena.Operator.Core.Machines;

/// <summary>
/// Finds living machines that carry an installation's marks but that no node which is known, or was known a moment ago, stands for. They
/// are the trace of data that was put back; nothing is deleted because of them.
/// </summary>
public static class StrayMachines
{
    /// <param name="isPoolOfInterest">Asked with the pool UID in the marks.</param>
    /// <param name="isKnown">Whether a node UID is in the store, was finalised since the listing was begun, or is a tombstone's.</param>
    /// <param name="isHeld">Whether a node has the machine of this provider id recorded, or takes it over.</param>
    public static IReadOnlyList<Machine> Of(string installation, MachineListing listing, Func<string, bool> isPoolOfInterest, Func<string, bool> isKnown, Func<string, bool> isHeld) =>
    [
        .. listing.Machines
            .Where(m => m.State is not (MachineState.Terminating or MachineState.Terminated))
            .Where(m => m.Marks is { } marks && marks.Installation == installation && isPoolOfInterest(marks.PoolUid) && !isKnown(marks.NodeUid) && !isHeld(m.ProviderId))
            .OrderBy(m => m.ProviderId, StringComparer.Ordinal),
    ];
}
