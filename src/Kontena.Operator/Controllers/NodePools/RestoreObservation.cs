using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools.Restore;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>See: what a restore may have left beside a pool: copied nodes, machines without nodes, names that are taken.</summary>
internal static class RestoreObservation
{
    public static IReadOnlyList<CopyView> Copies(NodePool pool, PoolContext context, Sightings? last) =>
        [.. Named(pool, context).Where(IsCopy).Select(n => View(n, context, last))];

    public static IReadOnlyList<Machine> Strays(NodePool pool, PoolContext context, Sightings? last)
    {
        if (last is null) return [];
        context.Finalised.ForgetOld();
        var others = context.Pools.Store.All.Select(p => p.Metadata.Uid).Where(uid => uid != pool.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
        return StrayMachines.Of(
            context.Installation.Id,
            last.Listing,
            uid => !others.Contains(uid),
            uid => context.Nodes.Store.ByIndex(NodeIndexes.Uid, uid).Count > 0 || context.Finalised.Contains(uid) || context.Tombstones.Contains(uid),
            id => Originals(context, id).Any());
    }

    /// <summary>Of copies, and of nodes that stay: those of a deleted pool of the same name are about to go, and their names are waited for.</summary>
    public static IReadOnlySet<int> TakenOrdinals(NodePool pool, PoolContext context) =>
        Named(pool, context).Where(n => IsCopy(n) || (!n.Metadata.IsBeingDeleted && n.Spec.PoolUID != pool.Metadata.Uid)).Select(OrdinalInName).OfType<int>().ToHashSet();

    /// <summary>The node says so, and the listing, which may be older, does not contradict: else the pool would plan the same adoption again.</summary>
    public static bool HasNothingToAdopt(KontenaNode node, Sightings? last) =>
        node.Spec is { ProviderID: null, Adopts: { } adopts }
        && node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready)?.Reason == NodeReasons.AdoptionFailed
        && last?.Listing.Machines.Any(m => m.ProviderId == adopts.ProviderID && m.State is not (MachineState.Terminating or MachineState.Terminated) && m.Marks?.NameTheSameLaunch(adopts.FormerMarks()) == true) == false;

    private static IEnumerable<KontenaNode> Named(NodePool pool, PoolContext context) =>
        context.Nodes.Store.ByIndex(NodeIndexes.Pool, pool.Metadata.Key.ToString());

    /// <summary>Nodes that are no copies and have the machine recorded, or are to take it over.</summary>
    private static IEnumerable<KontenaNode> Originals(PoolContext context, string providerId) =>
        context.Nodes.Store.ByIndex(NodeIndexes.Machine, providerId).Where(n => !IsCopy(n));

    private static CopyView View(KontenaNode copy, PoolContext context, Sightings? last)
    {
        var holders = Holders(copy, context).ToList();
        return new CopyView
        {
            Name = copy.Metadata.Name!,
            Uid = copy.Metadata.Uid!,
            Spec = copy.Spec,
            MachineHeld = holders.Exists(n => n.Spec.ProviderID is not null),
            BeingAdopted = holders.Exists(n => n.Spec.ProviderID is null && !HasNothingToAdopt(n, last)),
            AdoptionFailed = holders.Exists(n => HasNothingToAdopt(n, last)),
            MachineEnded = last?.Listing.Machines.Any(m => m.ProviderId == copy.Spec.ProviderID && m.State is MachineState.Terminating or MachineState.Terminated) == true,
        };
    }

    /// <summary>Who has, or is to have, the machine of a copy: by its provider id; where the copy has none, the original itself, or who takes over that launch.</summary>
    private static IEnumerable<KontenaNode> Holders(KontenaNode copy, PoolContext context)
    {
        if (copy.Spec.ProviderID is { } id) return Originals(context, id);
        var attempt = copy.Spec.Attempt!;
        return context.Nodes.Store.ByIndex(NodeIndexes.Uid, attempt.NodeUID)
            .Concat(context.Nodes.Store.All.Where(n => n.Spec.Adopts is { } adopts && adopts.NodeUID == attempt.NodeUID && adopts.Attempt == attempt.Number && !IsCopy(n)));
    }

    private static bool IsCopy(KontenaNode node) => node.Spec.IsCopy(node.Metadata.Uid!);

    private static int? OrdinalInName(KontenaNode node) =>
        int.TryParse(node.Metadata.Name!.AsSpan(node.Metadata.Name!.LastIndexOf('-') + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
}
