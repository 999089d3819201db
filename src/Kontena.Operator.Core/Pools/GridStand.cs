using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools;

/// <summary>Why a pool may add no node for its grid's sake.</summary>
/// <param name="IsLasting">It says something of the nodes that the pool has, too: theirs is a pool that is not what was asked for.</param>
/// <param name="IsUnknown">Nothing is wrong as far as anybody knows: the grid has not been looked at since the operator started.</param>
internal sealed record GridStand(Freeze Why, bool NeedsHuman, bool IsLasting, bool IsUnknown)
{
    /// <returns>Null where nothing stands against it.</returns>
    public static GridStand? Of(GridView grid) => grid switch
    {
        { Holds: { } hold, HoldNeedsHuman: true } => new GridStand(hold, NeedsHuman: true, IsLasting: true, IsUnknown: false),
        { Trouble: { } trouble } => new GridStand(new Freeze(trouble.Reason, trouble.Message), trouble.NeedsHuman, IsLasting: true, IsUnknown: false),
        { Holds: { } hold } => new GridStand(hold, NeedsHuman: false, IsLasting: false, IsUnknown: hold.Reason == GridReasons.Observing),
        _ => null,
    };
}
