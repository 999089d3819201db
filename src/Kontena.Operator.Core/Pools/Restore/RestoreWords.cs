using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Pools.Restore;

/// <summary>What a pool says after a restore: how many, which, whose they were, and the commands, in quotes, ready to be copied.</summary>
internal static class RestoreWords
{
    public const string UnknownMachines = "UnknownMachines";

    public static Freeze Copies(PoolSeen pool)
    {
        var former = Largest(pool.Copies.Select(c => c.Spec.PoolUID));
        return new Freeze(NodeReasons.Restored,
            $"{Count(pool.Copies.Count, "KontenaNode here is a copy", "KontenaNodes here are copies")} ({Names(pool.Copies.Select(c => c.Name))}), {Former(pool.Copies.Select(c => c.Spec.PoolUID))}: the cluster's data looks restored or copied. Nothing is created or removed for this pool. "
            + $"{TakeOver(pool, former)}, or {Decline(pool)}.{Surplus(pool, former)}");
    }

    public static Freeze Homeless(PoolSeen pool)
    {
        var homeless = pool.Homeless.ToList();
        var former = Largest(homeless.Select(m => m.Marks!.PoolUid));
        return new Freeze(UnknownMachines,
            $"{Count(homeless.Count, "living machine of this installation belongs", "living machines of this installation belong")} to no pool and no node here ({Names(homeless.Select(m => m.ProviderId))}), {Former(homeless.Select(m => m.Marks!.PoolUid))}: a pool may have been made anew or put back. Nothing is created for this pool, which has no node yet. "
            + $"{TakeOver(pool, former)}, or {Decline(pool)}, or terminate them at the provider.{Surplus(pool, former)}");
    }

    public static Freeze Unknown(PoolSeen pool)
    {
        var unknown = pool.UnknownMachines.Select(m => m.ProviderId).ToList();
        return new Freeze(UnknownMachines,
            $"{Count(unknown.Count, "living machine carries", "living machines carry")} this pool's marks but {(unknown.Count == 1 ? "belongs" : "belong")} to no node here ({Names(unknown)}): the cluster's data may have been put back to an earlier state. Nothing is created for this pool. "
            + $"{TakeOver(pool, pool.Uid)}, or terminate them at the provider.{Surplus(pool, pool.Uid)}");
    }

    public static Freeze Deleting(PoolSeen pool) => new(NodeReasons.Restored,
        $"{Count(pool.Copies.Count, "KontenaNode here is a copy", "KontenaNodes here are copies")} ({Names(pool.Copies.Select(c => c.Name))}), {Former(pool.Copies.Select(c => c.Spec.PoolUID))}. The pool cannot go before it is decided about: {Decline(pool)}. Their machines are not terminated.");

    private static string TakeOver(PoolSeen pool, string former) => $"Run \"kubectl annotate np {pool.Name} --overwrite {ApiGroup.AdoptAnnotation}={former}\" to take their machines over";

    private static string Decline(PoolSeen pool) => $"\"kubectl annotate np {pool.Name} --overwrite {ApiGroup.AdoptAnnotation}={AdoptionConsent.DeclinedBy(pool.Uid)}\" to go on without them";

    /// <summary>Said before it happens: a pool that takes over more than it asks for shrinks like any other.</summary>
    private static string Surplus(PoolSeen pool, string former)
    {
        var machines = AdoptionCandidate.Of(pool, former).Count;
        var after = machines + pool.Nodes.Count;
        if (pool.Spec.Replicas is not { } replicas || after <= replicas) return "";
        return $" Taking over {machines} would make {after} nodes where {replicas} are asked for, and {after - replicas} would be removed afterwards; to keep them, first run \"kubectl scale np {pool.Name} --replicas={after}\".";
    }

    private static string Former(IEnumerable<string> uids)
    {
        var all = uids.GroupBy(u => u, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        return all.Count == 1 ? $"of the pool that had UID {all[0]}" : $"of {all.Count} pools, which had the UIDs {string.Join(", ", all.Take(3))}{(all.Count > 3 ? ", …" : "")}";
    }

    private static string Largest(IEnumerable<string> uids) =>
        uids.GroupBy(u => u, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static string Names(IEnumerable<string> names)
    {
        var all = names.Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", all.Take(3)) + (all.Count > 3 ? ", …" : "");
    }
}
