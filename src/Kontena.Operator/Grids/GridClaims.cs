using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>Which Grids stand for the same grid, among all that the operator watches.</summary>
internal static class GridClaims
{
    /// <summary>Name of the index.</summary>
    public const string Claim = "claim";

    public static Store<Grid> NewStore() => new(new StoreIndex<Grid>(Claim, grid => Of(grid).Keys));

    /// <returns>The Grid that has the grid which this one stands for, too; null where this one has it.</returns>
    public static ObjectKey? HolderOf(Grid grid, Store<Grid> grids) =>
        Of(grid) is var claim && claim.HeldBy(Sharing(claim, grids).Select(Of)) is { } holder ? new ObjectKey(holder.Namespace, holder.Name) : null;

    /// <summary>The keys of this one and of all that stand for the same grid.</summary>
    public static IEnumerable<ObjectKey> Sharing(Grid grid, Store<Grid> grids) => Sharing(Of(grid), grids).Select(g => g.Metadata.Key).Append(grid.Metadata.Key).Distinct();

    private static IEnumerable<Grid> Sharing(GridClaim claim, Store<Grid> grids) => claim.Keys.SelectMany(k => grids.ByIndex(Claim, k));

    private static GridClaim Of(Grid grid) =>
        new(grid.Metadata.Namespace ?? "", grid.Metadata.Name ?? "", grid.Metadata.Uid ?? "", grid.Metadata.CreationTimestamp ?? default, grid.Spec, grid.Status?.Fingerprint);
}
