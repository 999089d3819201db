using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>Do: carries out a Grid's plan. Every action may be repeated; the API server's preconditions decide races.</summary>
internal sealed class GridActions(GridContext context, Finalizers finalizers, GridSecretHolds secrets, GridSubnets subnets)
{
    /// <summary>A node that only an uncached list shows will be in the store soon, and its end wakes the Grid.</summary>
    private static readonly TimeSpan LookForNodesAgain = TimeSpan.FromSeconds(5);

    /// <returns>The Grid as last written, null where it is gone; and what to wait for.</returns>
    public async Task<(Grid? Left, Next Next)> DoAsync(Grid grid, IReadOnlyList<GridAction> plan, CancellationToken ct)
    {
        Next next = new Next.AwaitChange();
        foreach (var action in plan)
        {
            switch (action)
            {
                case GridAction.Protect protect:
                    grid = await RememberAsync(grid, protect.Remembered, ct);
                    break;
                case GridAction.HoldSecrets hold:
                    await secrets.HoldAsync(grid, hold.Names, ct);
                    context.Hub.LookAgain(grid);
                    break;
                case GridAction.ReleaseSecrets release:
                    // Forgotten last: what goes wrong before is done again.
                    await secrets.ReleaseAsync(grid, release.Names, ct);
                    grid = await ChangeAsync(grid, new() { ["annotations"] = new JsonObject { [ApiGroup.HeldSecretsAnnotation] = HeldByGrid.Text(HeldByGrid.Of(grid).Except(release.Names)) } }, ct);
                    break;
                case GridAction.FreeSlot free:
                    await FreeSlotAsync(grid, free.Slot, ct);
                    break;
                case GridAction.SetTrustedSubnets set:
                    next = Next.Earliest(next, await subnets.SetAsync(grid, set.Subnets, ct));
                    break;
                case GridAction.LetGo go:
                    return await LetGoAsync(grid, go.Secrets, ct);
                default:
                    throw new ArgumentOutOfRangeException(nameof(plan), action, "unknown action");
            }
        }
        return (grid, next);
    }

    private Task<Grid> RememberAsync(Grid grid, IReadOnlyList<string> held, CancellationToken ct) => ChangeAsync(grid, new()
    {
        ["finalizers"] = new JsonArray([.. (grid.Metadata.Finalizers ?? []).Append(ApiGroup.GridFinalizer).Distinct().Select(f => (JsonNode)f)]),
        ["annotations"] = new JsonObject { [ApiGroup.HeldSecretsAnnotation] = HeldByGrid.Text(held) },
    }, ct);

    /// <summary>Of this version of the Grid only: what was decided on another is decided anew.</summary>
    private async Task<Grid> ChangeAsync(Grid grid, JsonObject metadata, CancellationToken ct)
    {
        metadata["resourceVersion"] = grid.Metadata.ResourceVersion;
        var written = await context.Api.PatchAsync(KontenaKinds.Grids, grid.Metadata.Key, Patch.Merge(new JsonObject { ["metadata"] = metadata }), WriteOptions.Default, ct);
        context.Ledger.Record(grid.Metadata.Uid!, KontenaKinds.Grids, written);
        return written;
    }

    /// <summary>The cache may not have seen the holder yet; only one that is gone past the cache has nothing more to take away.</summary>
    private async Task FreeSlotAsync(Grid grid, GridSlot slot, CancellationToken ct)
    {
        if (await context.Api.FindAsync(KontenaKinds.KontenaNodes, new ObjectKey(grid.Metadata.Namespace!, slot.Name), ct) is { } node && node.Metadata.Uid == slot.NodeUID) return;
        await context.Slots.ReleaseAsync(grid.Metadata.Namespace!, grid.Metadata.Name!, slot.NodeUID, ct);
        context.Log.LogInformation("Grid {Grid}: node {Node} is gone, and its right to replace initial member {Number} with it", grid.Metadata.Key, slot.Name, slot.Number);
    }

    private async Task<(Grid? Left, Next Next)> LetGoAsync(Grid grid, IReadOnlyList<string> held, CancellationToken ct)
    {
        var nodes = (await context.Api.ListAllAsync(KontenaKinds.KontenaNodes, new ListQuery(grid.Metadata.Namespace), ct)).Items;
        if (nodes.Any(n => n.Spec.GridRef?.Name == grid.Metadata.Name)) return (grid, new Next.After(LookForNodesAgain));
        await secrets.ReleaseAsync(grid, held, ct);
        return (await finalizers.RemoveAsync(KontenaKinds.Grids, grid, ApiGroup.GridFinalizer, ct), new Next.AwaitChange());
    }
}
