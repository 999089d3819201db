using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>Do: writes verdicts down and carries them out, each after one more look past every cache. What fails is tried again by the next sweep.</summary>
internal sealed class OrphanActions(OrphanContext context, OrphanNews news)
{
    private readonly HashSet<string> failing = [];

    /// <param name="nodes">As just read from the API server.</param>
    public async Task DoAsync(SweptAccount account, OrphanVerdict verdict, IReadOnlyList<StoredTombstone> stones, IReadOnlyList<KontenaNode> nodes, CancellationToken ct)
    {
        if (verdict is not (OrphanVerdict.Condemn or OrphanVerdict.Remove) || !context.Leadership.MayWrite(context.LongestCall)) return;
        try
        {
            if (verdict is OrphanVerdict.Condemn condemn) await CondemnAsync(condemn, nodes, ct);
            else if (verdict is OrphanVerdict.Remove remove) await RemoveAsync(account, remove, stones.First(s => ReferenceEquals(s.Stone, remove.Because)), ct);
            failing.Remove(verdict.Machine.ProviderId);
        }
        catch (Exception fault) when (fault is KubeFault or DriverException)
        {
            context.Log.Log(failing.Add(verdict.Machine.ProviderId) ? LogLevel.Warning : LogLevel.Debug,
                "The orphan {Machine} cannot be dealt with yet: {Message}; trying again with the next sweep", verdict.Machine.ProviderId, fault.Message);
        }
    }

    /// <summary>
    /// A provider id is set once and never taken back, so a verdict over a node that has another one cannot grow wrong. Its name is the
    /// machine's: whoever comes second finds it written.
    /// </summary>
    private async Task CondemnAsync(OrphanVerdict.Condemn condemn, IReadOnlyList<KontenaNode> nodes, CancellationToken ct)
    {
        var marks = condemn.Machine.Marks!;
        var node = nodes.First(n => n.Metadata.Uid == marks.NodeUid);
        var stone = TombstoneDocument.Of(node, TombstoneKind.Twin, context.Installation.Id, context.Time.GetUtcNow()) with
        {
            NodeUid = marks.NodeUid,
            PoolUid = marks.PoolUid,
            Attempt = marks.Attempt,
            Token = condemn.Machine.Token!, // proven equal to the attempt's
            Machine = condemn.Machine.ProviderId,
        };
        await context.Tombstones.WriteAsync(stone, ct);
    }

    private async Task RemoveAsync(SweptAccount account, OrphanVerdict.Remove remove, StoredTombstone stored, CancellationToken ct)
    {
        // Deleting the tombstone is how a human stops this.
        if (!await context.Tombstones.StillStandsAsync(stored, ct) || !await IsNobodysAsync(remove, ct)) return;
        var machine = remove.Machine;
        var driver = (await context.Accounts.OpenAsync(account.Namespace, account.Settings, ct)).Driver;
        switch (await driver.FindAsync(new MachineQuery.ById(machine.ProviderId), ct))
        {
            case Lookup.Found { Machines: [var now] } when IsTheSame(now, machine):
                await driver.DeleteAsync(machine.ProviderId, context.Installation.Id, ct);
                OrphanMetrics.Removed(account.Key.Provider, remove.Reason);
                news.TellRemoved(remove);
                context.Inventories.Expect(account.Namespace, account.Settings);
                break;
            case Lookup.Unknown unknown:
                throw new DriverException(unknown.Fault, unknown.Message);
            case Lookup.Found or Lookup.ConfirmedAbsent:
                context.Log.LogDebug("The orphan {Machine} is gone, or not what was listed", machine.ProviderId);
                break;
            default:
                throw new InvalidOperationException("unknown lookup");
        }
    }

    /// <summary>The node of that UID, past the cache: gone, or with another machine on record.</summary>
    private async Task<bool> IsNobodysAsync(OrphanVerdict.Remove remove, CancellationToken ct)
    {
        var stone = remove.Because;
        var node = await context.Api.FindAsync(KontenaKinds.KontenaNodes, new ObjectKey(stone.Namespace, stone.NodeName), ct);
        if (node is null || node.Metadata.Uid != stone.NodeUid) return true;
        return stone.Kind == TombstoneKind.Twin && node.Spec.ProviderID is { } id && id != remove.Machine.ProviderId;
    }

    private static bool IsTheSame(Machine now, Machine listed) =>
        now.ProviderId == listed.ProviderId && now.Marks == listed.Marks && now.Token == listed.Token
        && now.State is not (MachineState.Terminating or MachineState.Terminated);
}
