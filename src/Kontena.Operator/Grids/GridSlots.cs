using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Grids;

/// <summary>
/// The one right in a grid to take an initial member away (<see cref="GridStatus.Replacing"/>): taken and given back by compare-and-swap on the Grid as
/// it is past the cache. Whoever terminates an initial member asks here first, whichever way its deletion came about.
/// </summary>
internal sealed class GridSlots(IKubeApi api)
{
    /// <summary>Other writers of a Grid's status are few; more lost races than this are not chance.</summary>
    private const int Attempts = 5;

    /// <returns>True where the slot is held for that node after the call; false where another has it, or there is no such Grid.</returns>
    /// <exception cref="KubeFault">The API server did not answer, or refused: nobody knows who has it.</exception>
    public Task<bool> TakeAsync(string ns, string gridRef, GridSlot slot, CancellationToken ct) => ChangeAsync(new ObjectKey(ns, gridRef),
        present => present is null ? slot : null,
        present => present?.NodeUID == slot.NodeUID,
        ct);

    /// <summary>Gives it back; success where that node does not have it.</summary>
    /// <exception cref="KubeFault">The API server did not answer, or refused.</exception>
    public async Task ReleaseAsync(string ns, string gridRef, string nodeUid, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await api.FindAsync(KontenaKinds.Grids, new ObjectKey(ns, gridRef), ct) is not { Status: { Replacing: { } slot } status } grid || slot.NodeUID != nodeUid) return;
            if (await WriteAsync(grid, status with { Replacing = null }, attempt, ct)) return;
        }
    }

    private async Task<bool> ChangeAsync(ObjectKey key, Func<GridSlot?, GridSlot?> change, Func<GridSlot?, bool> isOurs, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await api.FindAsync(KontenaKinds.Grids, key, ct) is not { } grid) return false;
            // A Grid that the operator has not looked at yet has no status, and says so by this generation.
            var status = grid.Status ?? new GridStatus { ObservedGeneration = -1 };
            if (change(status.Replacing) is not { } slot) return isOurs(status.Replacing);
            if (await WriteAsync(grid, status with { Replacing = slot }, attempt, ct)) return true;
        }
    }

    /// <returns>False where the race was lost, or the answer: what stands there must be read again.</returns>
    private async Task<bool> WriteAsync(Grid grid, GridStatus status, int attempt, CancellationToken ct)
    {
        try
        {
            await api.UpdateAsync(KontenaKinds.Grids, grid with { Status = status }, WriteOptions.Status, ct);
            return true;
        }
        catch (KubeFault fault) when ((fault.Reason == FaultReason.Conflict || fault.OutcomeUnknown) && attempt < Attempts)
        {
            return false;
        }
    }
}
