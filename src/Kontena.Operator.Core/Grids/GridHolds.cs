using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Grids;

/// <summary>Why no node may be registered in a grid now: of all reasons the one that has to go first.</summary>
public static class GridHolds
{
    /// <summary>Node numbers are 1 to 254 (kontena server/app/models/grid.rb); the Master answers 500 beyond.</summary>
    public const int MostNodes = RegistrationRule.MostNodes;

    /// <returns>Null where nothing stands against it. The flag: waiting will not help.</returns>
    public static (Freeze Hold, bool NeedsHuman)? Of(GridFacts grid) => grid switch
    {
        { Exists: false, Known: false } => (new Freeze(GridReasons.Observing, "Waiting for the first list of Grids."), false),
        { Exists: false } => (new Freeze(GridReasons.GridMissing, $"Grid {grid.Key} does not exist. Create it."), true),
        { Deleting: true } => (new Freeze(GridReasons.GridDeleted, $"Grid {grid.Key} is being deleted: nothing joins it any more."), true),
        { ClaimedBy: { } holder } => (new Freeze(GridReasons.GridClaimed, $"Grid {holder} stands for the same grid of the same Master and is older. Use that one, or delete it."), true),
        { IsOther: true } => (new Freeze(GridReasons.OtherGrid, $"The Master at {grid.Url} has a grid {grid.GridName}, but it is not the one that Grid {grid.Key} stood for until now (its token is another). Correct spec.master.url; for a grid that was made anew, delete this Grid and create one of another name."), true),
        { Trouble: { Fault: MasterFault.NotFound } trouble } => (new Freeze(GridReasons.GridMissingAtMaster, trouble.Message), true),
        { IsTooOld: true } => (new Freeze(GridReasons.MasterTooOld, $"The Master is of version {grid.MasterVersion}: before 1.4 it can only be read. Upgrade it."), true),
        { Observed: false } => (new Freeze(GridReasons.Observing, "Waiting for the Master's first answer."), false),
        { Protected: false } => (new Freeze(GridReasons.NotProtected, $"Grid {grid.Key} and its Secrets are not held yet: they could vanish before the nodes that need them."), false),
        { Nodes: >= MostNodes } => (new Freeze(GridReasons.GridFull, $"The grid has {grid.Nodes} nodes; a Master gives no more than {MostNodes} numbers. Remove nodes, or use another grid."), false),
        _ => null,
    };
}
