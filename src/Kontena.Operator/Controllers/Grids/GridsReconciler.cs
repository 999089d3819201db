using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>Keeps a Grid and its Secrets for as long as nodes need them, manages what of the grid is ours to, and tells how it is: see, plan, do, tell.</summary>
internal sealed class GridsReconciler(GridContext context, GridActions actions, GridSubnets subnets) : IReconciler
{
    public string Name => "grids";

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (context.Grids.Store.Find(key) is not { } cached) return new Next.AwaitChange();
        if (await context.Ledger.WaitAsync(cached.Metadata.Uid!, KontenaKinds.Grids, context.Grids, ct) is { } behind) return behind;
        if (context.Grids.Store.Find(key) is not { } grid) return new Next.AwaitChange();

        var plan = GridPlanner.Plan(GridObservation.Of(grid, context, subnets.TroubleOf(grid)), grid.Status);
        var (left, next) = await actions.DoAsync(grid, plan, ct);
        if (left is null)
        {
            context.Ledger.Forget(grid.Metadata.Uid!);
            subnets.Forget(grid.Metadata.Uid!);
            return new Next.AwaitChange();
        }
        // What changes the object itself wakes the next round, which tells.
        if (!plan.Any(a => a is GridAction.Protect or GridAction.ReleaseSecrets or GridAction.FreeSlot)) await TellAsync(left, ct);
        return next;
    }

    private async Task TellAsync(Grid grid, CancellationToken ct)
    {
        var before = grid.Status;
        var after = GridReport.Compose(GridObservation.Of(grid, context, subnets.TroubleOf(grid)), before, context.Time.GetUtcNow());
        if (!GridReport.IsWorthWriting(before, after)) return;
        var written = await context.Api.UpdateAsync(KontenaKinds.Grids, grid with { Status = after }, WriteOptions.Status, ct);
        context.Ledger.Record(grid.Metadata.Uid!, KontenaKinds.Grids, written);
        GridEvents.Tell(context.Events, written, before, after);
    }
}
