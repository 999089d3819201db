using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Why a node's pool wants no machine made now.</summary>
internal static class PoolHold
{
    /// <returns>Null where the pool wants its machines.</returns>
    public static Freeze? Of(NodePool? pool, string poolUid) => pool switch
    {
        null => new Freeze("PoolGone", "The node's pool does not exist; no machine is made for it."),
        _ when pool.Metadata.Uid != poolUid => new Freeze("PoolGone", "The node's pool was deleted and made anew; no machine is made for this node."),
        { Metadata.IsBeingDeleted: true } => new Freeze("PoolDeleted", "The node's pool is being deleted; no machine is made for it."),
        { Spec.Paused: true } => new Freeze("Paused", "The node's pool is paused; no machine is made for it."),
        _ => null,
    };
}
