using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// From what is seen of a Grid to what is to be done for it. Pure; every action may be repeated.
/// <code>
/// grid                                          plan
/// ────────────────────────────────────────────  ──────────────────────────────────────────────
/// being deleted, without our finalizer          nothing: it is as good as gone
/// being deleted, nodes left                     wait for them; its Secrets stay held
/// being deleted, none left, firewalls are       wait for those, which whoever keeps them removes
/// being deleted, nothing left                   let the Secrets go, then the Grid
/// no finalizer, or a Secret not remembered      Grid first, then the Secret: nobody else lets it go
/// a Secret of the spec not held                 hold it
/// a Secret remembered that the spec lacks       let it go
/// slot held by a node that is not known         look past the cache, and free it
/// trustedSubnets managed and different          write them, read them back
/// </code>
/// </summary>
public static class GridPlanner
{
    public static IReadOnlyList<GridAction> Plan(GridSeen grid, GridStatus? status)
    {
        List<GridAction> actions = [];
        if (status?.Replacing is { } slot && grid.SlotHolderUnknown) actions.Add(new GridAction.FreeSlot(slot));
        if (grid.Deleting)
        {
            if (grid is { HasFinalizer: true, NodesLeft.Count: 0, Firewalls.Gone: true }) actions.Add(new GridAction.LetGo([.. grid.HeldSecrets.Union(grid.NamedSecrets, StringComparer.Ordinal)]));
            return actions;
        }
        var remembered = grid.HeldSecrets.Union(grid.NamedSecrets, StringComparer.Ordinal).ToList();
        if (!grid.HasFinalizer || remembered.Count > grid.HeldSecrets.Count) actions.Add(new GridAction.Protect(remembered));
        if (!grid.SecretsHeld) actions.Add(new GridAction.HoldSecrets(grid.NamedSecrets));
        if (grid.HeldSecrets.Except(grid.NamedSecrets, StringComparer.Ordinal).ToList() is { Count: > 0 } old) actions.Add(new GridAction.ReleaseSecrets(old));
        if (ShouldSetSubnets(grid)) actions.Add(new GridAction.SetTrustedSubnets(grid.Spec.TrustedSubnets!));
        return actions;
    }

    /// <summary>Of a grid that is not ours to manage (claimed, another, not yet protected), or that does not answer, nothing is changed.</summary>
    private static bool ShouldSetSubnets(GridSeen grid) =>
        grid is { Spec.TrustedSubnets: { } wanted, View: { Trouble: null, Grid: { } present } view }
        && (view.Holds is null || view.Holds.Reason == GridReasons.GridFull)
        && !TrustedSubnets.Same(wanted, present.TrustedSubnets);
}
