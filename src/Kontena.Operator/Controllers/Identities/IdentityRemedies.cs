using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>See: nodes and pools as the remedy needs them.</summary>
internal static class IdentityRemedies
{
    public static IReadOnlyList<RemedyNode> Nodes(IdentityContext context) =>
    [
        .. context.Nodes.All.Where(n => n.Spec.GridRef is not null && !n.Spec.IsCopy(n.Metadata.Uid!)).Select(n => new RemedyNode(
            n.Metadata.Uid!, n.Spec.PoolUID, n.Spec.Revision, n.Metadata.CreationTimestamp ?? default, n.Metadata.IsBeingDeleted, n.Status?.JoinedAt is not null)),
    ];

    public static IReadOnlyDictionary<string, RemedyPool> Pools(IdentityContext context, IReadOnlyList<RemedyNode> nodes)
    {
        var staying = nodes.Where(n => !n.Deleting).CountBy(n => n.PoolUid).ToDictionary(StringComparer.Ordinal);
        return context.Pools.All.Where(p => p.Spec.GridRef is not null).ToDictionary(p => p.Metadata.Uid!, p => Of(p, staying, context), StringComparer.Ordinal);
    }

    private static RemedyPool Of(NodePool pool, Dictionary<string, int> staying, IdentityContext context)
    {
        var told = pool.Status?.Conditions.FirstOrDefault(c => c.Type == PoolConditions.NodeIDsUnique);
        var revision = Revision.Of(pool.Spec);
        return new RemedyPool(
            pool.Spec.Identity?.OnConflict ?? ConflictAction.Report,
            Holds: pool.Spec.Paused || pool.Metadata.IsBeingDeleted || context.Installation.Frozen is not null,
            revision)
        {
            Lacks = staying.GetValueOrDefault(pool.Metadata.Uid!) < pool.Spec.Replicas,
            WasGivenUp = told is not null && Remedy.IsGivenUp(told, revision),
        };
    }
}
