namespace Kontena.Operator.Core.Machines;

/// <summary>
/// Finds living machines that carry an installation's and a pool's marks but belong to no node that is known, or was known a
/// moment ago. They are the trace of data that was put back; nothing is deleted because of them.
/// </summary>
public static class UnknownMachines
{
    /// <param name="knownNodes">UIDs of every node in the store, of those finalised since the listing was begun, and of tombstones.</param>
    public static IReadOnlyList<string> Of(string poolUid, string installation, MachineListing listing, IReadOnlySet<string> knownNodes) =>
    [
        .. listing.Machines
            .Where(m => m.IsAlive && m.State != MachineState.Terminating)
            .Where(m => m.Marks is { } marks && marks.Installation == installation && marks.PoolUid == poolUid && !knownNodes.Contains(marks.NodeUid))
            .Select(m => m.ProviderId)
            .Order(StringComparer.Ordinal),
    ];
}
