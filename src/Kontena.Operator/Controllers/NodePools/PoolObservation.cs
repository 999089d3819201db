using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>See: everything that a pool's plan is made from, gathered from the stores and the shared inventory. No call leaves here.</summary>
internal static class PoolObservation
{
    public static PoolSeen Of(NodePool pool, PoolContext context)
    {
        var ns = pool.Metadata.Namespace!;
        var settings = pool.Spec.Provider.Settings;
        return new PoolSeen
        {
            Name = pool.Metadata.Name!,
            Uid = pool.Metadata.Uid!,
            Generation = pool.Metadata.Generation ?? 0,
            Spec = pool.Spec,
            Deleting = pool.Metadata.IsBeingDeleted,
            Nodes = [.. context.Nodes.Store.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!).Select(View)],
            Frozen = context.Installation.Frozen,
            UnknownMachines = Unknown(pool, context),
            AccountShowsMachines = context.Inventories.Last(ns, settings)?.Listing.Machines.Any(m => m.IsAlive) == true,
            Provider = context.Inventories.Provider(ns, settings),
        };
    }

    private static IReadOnlyList<string> Unknown(NodePool pool, PoolContext context)
    {
        if (context.Inventories.Last(pool.Metadata.Namespace!, pool.Spec.Provider.Settings) is not { } last) return [];
        context.Finalised.ForgetOld();
        return UnknownMachines.Of(
            pool.Metadata.Uid!,
            context.Installation.Id,
            last.Listing,
            uid => context.Finalised.Contains(uid) || context.Tombstones.Contains(uid) || context.Nodes.Store.ByIndex(NodeIndexes.Uid, uid).Count > 0);
    }

    private static NodeView View(KontenaNode node)
    {
        var conditions = node.Status?.Conditions ?? [];
        var ready = conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
        return new NodeView
        {
            Name = node.Metadata.Name!,
            Uid = node.Metadata.Uid!,
            Ordinal = node.Spec.Ordinal,
            Revision = node.Spec.Revision,
            Zone = node.Spec.Attempt?.Zone ?? node.Spec.Zone,
            MachineZone = node.Status?.Zone ?? "",
            CreatedAt = node.Metadata.CreationTimestamp ?? default,
            Deleting = node.Metadata.IsBeingDeleted,
            HasMachine = node.Spec.ProviderID is not null,
            Ready = ready is { Status: ConditionStatus.True },
            MachineTerminated = ready?.Reason == NodeReasons.MachineTerminated,
            MachineMissing = ready?.Reason == NodeReasons.MachineMissing,
            MachineInDoubt = ready?.Reason == NodeReasons.Confirming,
            Reason = ready?.Reason ?? "New",
            Message = ready?.Message ?? "",
            NeedsHuman = conditions.Any(c => c.Type == NodeConditions.Stalled),
        };
    }
}
