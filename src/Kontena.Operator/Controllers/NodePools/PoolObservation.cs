using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Identities;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>See: everything that a pool's plan is made from, gathered from the stores and the shared inventory. No call leaves here.</summary>
internal static class PoolObservation
{
    public static PoolSeen Of(NodePool pool, PoolContext context)
    {
        var ns = pool.Metadata.Namespace!;
        var settings = pool.Spec.Provider.Settings;
        var nodes = context.Nodes.Store.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!).Where(n => !n.Spec.IsCopy(n.Metadata.Uid!)).ToList();
        var last = context.Inventories.Last(ns, settings);
        return new PoolSeen
        {
            Name = pool.Metadata.Name!,
            Uid = pool.Metadata.Uid!,
            Generation = pool.Metadata.Generation ?? 0,
            Spec = pool.Spec,
            Deleting = pool.Metadata.IsBeingDeleted,
            Nodes = [.. nodes.Select(n => View(n, last, context.Identities))],
            Frozen = context.Installation.Frozen,
            Adopt = pool.Metadata.Annotations?.GetValueOrDefault(ApiGroup.AdoptAnnotation),
            Copies = RestoreObservation.Copies(pool, context, last),
            Strays = RestoreObservation.Strays(pool, context, last),
            TakenOrdinals = RestoreObservation.TakenOrdinals(pool, context),
            AccountShowsMachines = last?.Listing.Machines.Any(m => m.IsAlive) == true,
            SecretsNamedNoMore = HeldSecrets.NamedNoMore(pool, nodes),
            HoldLost = HeldSecrets.OfLostHold(pool, nodes),
            Provider = context.Inventories.Provider(ns, settings),
            GoingInGrid = GoingInGrid(pool, context),
            Identity = context.Identities.OfPool(pool.Metadata.Uid!),
            Firewalls = OwnFirewalls.Of(pool, nodes, pool.Spec.GridRef is { } shared ? context.GridObjects.Find(new ObjectKey(ns, shared.Name)) : null, context.Ports),
            Grid = pool.Spec.GridRef is { } grid ? context.Grids.View(ns, grid.Name) : null,
        };
    }

    private static NodeView View(KontenaNode node, Sightings? last, IdentityBook identities)
    {
        var conditions = node.Status?.Conditions ?? [];
        var ready = conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready);
        return new NodeView
        {
            Name = node.Metadata.Name!,
            Uid = node.Metadata.Uid!,
            Version = node.Metadata.ResourceVersion,
            Ordinal = node.Spec.Ordinal,
            Revision = node.Spec.Revision,
            Zone = node.Spec.Attempt?.Zone ?? node.Spec.Zone,
            MachineZone = node.Status?.Zone ?? "",
            CreatedAt = node.Metadata.CreationTimestamp ?? default,
            Deleting = node.Metadata.IsBeingDeleted,
            HasMachine = node.Spec.ProviderID is not null,
            Ready = ready is { Status: ConditionStatus.True },
            KontenaName = node.Spec.KontenaName,
            InitialMember = node.Status?.InitialMember == true,
            Adopts = node.Spec.Adopts,
            AdoptionFailed = RestoreObservation.HasNothingToAdopt(node, last),
            MachineTerminated = ready?.Reason == NodeReasons.MachineTerminated,
            MachineMissing = ready?.Reason == NodeReasons.MachineMissing && !IsListed(node, last),
            MachineInDoubt = ready?.Reason == NodeReasons.Confirming && !IsListed(node, last),
            IdConflict = identities.Replaces(node.Metadata.Uid!),
            Reason = ready?.Reason ?? "New",
            Message = ready?.Message ?? "",
            // Being deleted is a new generation: what it was stuck at before is no matter any more.
            NeedsHuman = conditions.Any(c => c.Type == NodeConditions.Stalled) && node.Status!.ObservedGeneration == node.Metadata.Generation,
        };
    }

    private static HashSet<string> GoingInGrid(NodePool pool, PoolContext context) => pool.Spec.GridRef is not { } grid
        ? []
        : context.Nodes.Store.ByIndex(NodeIndexes.Grid, new ObjectKey(pool.Metadata.Namespace!, grid.Name).ToString())
            .Where(n => n.Metadata.IsBeingDeleted).Select(n => n.Spec.KontenaName).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The listing may be newer than what the node says: credentials of another account were put right, and this node has not looked again yet.</summary>
    private static bool IsListed(KontenaNode node, Sightings? last) => last?.Listing.Machines.Any(m => m.ProviderId == node.Spec.ProviderID && m.IsAlive) == true;
}
