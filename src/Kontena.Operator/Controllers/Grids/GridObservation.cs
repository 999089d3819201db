using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>See: everything that a Grid's plan is made from, gathered from the stores and the shared poll. No call leaves here.</summary>
internal static class GridObservation
{
    public static GridSeen Of(Grid grid, GridContext context, MasterTrouble? subnetsTrouble) => new()
    {
        Spec = grid.Spec,
        Generation = grid.Metadata.Generation ?? 0,
        Deleting = grid.Metadata.IsBeingDeleted,
        View = context.Hub.View(grid.Metadata.Namespace!, grid.Metadata.Name!),
        HasFinalizer = grid.Metadata.Finalizers?.Contains(ApiGroup.GridFinalizer) == true,
        HeldSecrets = HeldByGrid.Of(grid),
        NamedSecrets = GridSecrets.NamedBy(grid),
        Firewalls = OwnFirewalls.Of(grid, context.Ports),
        SecretsHeld = context.Hub.HoldsSecrets(grid),
        NodesLeft = [.. context.Nodes.ByIndex(NodeIndexes.Grid, grid.Metadata.Key.ToString()).Select(n => n.Metadata.Name!)],
        SlotHolderUnknown = grid.Status?.Replacing is { } slot && context.Nodes.ByIndex(NodeIndexes.Uid, slot.NodeUID).Count == 0,
        SubnetsTrouble = subnetsTrouble,
    };
}
