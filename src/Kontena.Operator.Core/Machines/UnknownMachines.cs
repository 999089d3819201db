namespace Kontena.Operator.Core.Machines;

/// <summary>
/// Finds living machines that carry an installation's and a pool's marks but belong to no node that is known, or was known a
/// moment ago. They are the trace of data that was put back; nothing is deleted because of them.
/// </summary>
public static class UnknownMachines
{
    /// <param name="isKnown">Whether a node UID is in the store, was finalised since the listing was begun, or is a tombstone's.</param>
    public static IReadOnlyList<string> Of(string poolUid, string installation, MachineListing listing, Func<string, bool> isKnown) =>
    [
        .. listing.Machines
            .Where(m => m.IsAlive && m.State != MachineState.Terminating)
            .Where(m => m.Marks is { } marks && marks.Installation == installation && marks.PoolUid == poolUid && !isKnown(marks.NodeUid))
            .Select(m => m.ProviderId)
            .Order(StringComparer.Ordinal),
    ];
}
