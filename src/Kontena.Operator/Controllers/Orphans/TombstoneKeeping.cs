using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>Takes tombstones away whose time is over.</summary>
internal sealed class TombstoneKeeping(OrphanContext context)
{
    public async Task ClearAsync(IReadOnlyList<StoredTombstone> stones, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        foreach (var stored in stones.Where(s => s.Stone.Until <= now && !IsNeeded(s.Stone)))
        {
            if (!context.Leadership.MayWrite(context.LongestCall)) return;
            try
            {
                await context.Tombstones.RemoveAsync(stored.Key, stored.Uid, ct);
            }
            catch (KubeFault fault)
            {
                context.Log.LogDebug("Tombstone {Tombstone} stays for now: {Message}", stored.Key, fault.Message);
            }
        }
    }

    /// <summary>
    /// While a given-up machine lives, its tombstone keeps it known: without it the pool would take the machine for a sign of restored data
    /// and stop. An account that nobody uses has no pool to stop.
    /// </summary>
    private bool IsNeeded(Tombstone stone)
    {
        if (stone.Kind != TombstoneKind.GivenUp || stone.Installation != context.Installation.Id) return false;
        var settings = stone.Provider.Settings;
        var key = AccountKey.Of(stone.Namespace, settings);
        if (!context.Pools.Store.All.Any(p => AccountKey.Of(p.Metadata.Namespace!, p.Spec.Provider.Settings) == key)) return false;
        if (context.Inventories.Provider(stone.Namespace, settings) is not ProviderSeen.Answers) return true;
        return context.Inventories.Last(stone.Namespace, settings) is not { } last
            || last.Of(stone.NodeUid).Machines.Any(m => m.State is not (MachineState.Terminating or MachineState.Terminated));
    }
}
