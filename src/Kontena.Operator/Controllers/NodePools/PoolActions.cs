using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>Do: carries out a pool's plan; removals first, then additions, many at once. Every action may be repeated; the API server's preconditions decide races.</summary>
internal sealed class PoolActions(PoolContext context, Finalizers finalizers, SecretHolds secrets)
{
    /// <summary>UIDs of pools whose last round created all that a round may: the next goes on where it ended instead of starting slowly again.</summary>
    private readonly ConcurrentDictionary<string, byte> amid = [];

    /// <returns>The pool as last written; null where the object is gone.</returns>
    public async Task<NodePool?> DoAsync(NodePool pool, PoolPlan plan, CancellationToken ct)
    {
        foreach (var action in plan.Actions.Where(a => a is not (PoolAction.AddNode or PoolAction.AdoptMachine or PoolAction.ForgetCopy or PoolAction.RemoveNode)))
        {
            switch (action)
            {
                case PoolAction.SetReplicas set:
                    pool = await ChangeAsync(pool, [], new JsonObject { ["replicas"] = set.Replicas }, ct);
                    break;
                case PoolAction.HoldAgain again:
                    pool = await RememberAsync(pool, [.. HeldSecrets.WithCurrent(pool).Union(again.Secrets, StringComparer.Ordinal)], ct);
                    break;
                case PoolAction.EndAdoption:
                    // A consent that a human has just changed is not taken away unread: the version is the precondition.
                    pool = await ChangeAsync(pool, new() { ["annotations"] = new JsonObject { [ApiGroup.AdoptAnnotation] = null } }, null, ct);
                    break;
                case PoolAction.DropFinalizer:
                    if (!await secrets.ReleaseAsync(pool, HeldSecrets.WithCurrent(pool), ct)) return pool;
                    return await finalizers.RemoveAsync(KontenaKinds.NodePools, pool, ApiGroup.PoolFinalizer, ct);
                case PoolAction.ReleaseSecrets release:
                    pool = await ReleaseAsync(pool, release.Names, ct);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(plan), action, "unknown action");
            }
        }
        await SlowStart.RunAsync([.. plan.Actions.OfType<PoolAction.ForgetCopy>()], forget => ForgetCopyAsync(pool, forget, ct));
        await SlowStart.RunAsync([.. plan.Actions.OfType<PoolAction.RemoveNode>()], remove => RemoveNodeAsync(pool, remove, ct));
        await AddNodesAsync(pool, [.. plan.Actions.OfType<PoolAction.AddNode>()], ct);
        await SlowStart.RunAsync([.. plan.Actions.OfType<PoolAction.AdoptMachine>()], adopt => AddNodeAsync(pool, NewNodes.Of(pool, adopt), adopt, ct));
        return pool;
    }

    /// <summary>
    /// Before the first node: the pool must outlast its nodes, and so must the credentials that end their machines. The pool first: it is its
    /// finalizer that sees to it that the Secret is let go, so a pool that could vanish without one must not hold any, nor one that it does not remember.
    /// </summary>
    /// <returns>Null where the Secret is missing.</returns>
    public async Task<NodePool?> ProtectAsync(NodePool pool, CancellationToken ct)
    {
        var (present, held) = (pool.Metadata.Finalizers ?? [], HeldSecrets.WithCurrent(pool));
        if (!present.Contains(ApiGroup.PoolFinalizer) || held.Count > HeldSecrets.Of(pool).Count)
            pool = await RememberAsync(pool, held, ct);
        return await secrets.HoldAsync(pool, ct) ? pool : null;
    }

    private Task<NodePool> RememberAsync(NodePool pool, IReadOnlyList<string> held, CancellationToken ct) => ChangeAsync(pool, new()
    {
        ["finalizers"] = new JsonArray([.. (pool.Metadata.Finalizers ?? []).Append(ApiGroup.PoolFinalizer).Distinct().Select(f => (JsonNode)f)]),
        ["annotations"] = new JsonObject { [ApiGroup.HeldSecretsAnnotation] = HeldSecrets.Text(held) },
    }, null, ct);

    /// <summary>Forgotten last: what goes wrong before is done again.</summary>
    private async Task<NodePool> ReleaseAsync(NodePool pool, IReadOnlyList<string> names, CancellationToken ct)
    {
        if (!await secrets.ReleaseAsync(pool, names, ct)) return pool;
        var left = HeldSecrets.Text(HeldSecrets.Of(pool).Except(names));
        return await ChangeAsync(pool, new() { ["annotations"] = new JsonObject { [ApiGroup.HeldSecretsAnnotation] = left } }, null, ct);
    }

    /// <summary>Of this version of the pool only: what was decided on another is decided anew.</summary>
    private async Task<NodePool> ChangeAsync(NodePool pool, JsonObject metadata, JsonObject? spec, CancellationToken ct)
    {
        metadata["resourceVersion"] = pool.Metadata.ResourceVersion;
        var body = new JsonObject { ["metadata"] = metadata };
        if (spec is not null) body["spec"] = spec;
        var written = await context.Api.PatchAsync(KontenaKinds.NodePools, pool.Metadata.Key, Patch.Merge(body), WriteOptions.Default, ct);
        context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.NodePools, written);
        return written;
    }

    private async Task AddNodesAsync(NodePool pool, IReadOnlyList<PoolAction.AddNode> additions, CancellationToken ct)
    {
        var first = amid.TryRemove(pool.Metadata.Uid!, out _) ? SlowStart.MostAtOnce : 1;
        await SlowStart.RunAsync(additions, add => AddNodeAsync(pool, NewNodes.Of(pool, add), add, ct), first);
        if (additions.Count >= PoolPlanner.CeilingPerRound) amid[pool.Metadata.Uid!] = 0;
    }

    private async Task AddNodeAsync(NodePool pool, KontenaNode node, PoolAction add, CancellationToken ct)
    {
        try
        {
            var written = await context.Api.CreateAsync(KontenaKinds.KontenaNodes, node, WriteOptions.Default, ct);
            context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.KontenaNodes, written);
            context.Log.LogInformation("{Pool} {Reason}: {Message}", pool.Metadata.Key, add.Reason, add.Message);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.AlreadyExists || fault.OutcomeUnknown)
        {
            await ReadInsteadAsync(pool, node.Metadata.Key, fault, ct);
        }
    }

    /// <summary>The name is taken: by our own node that the cache has not shown yet, which is fine, or by another's, which has to go first.</summary>
    private async Task ReadInsteadAsync(NodePool pool, ObjectKey key, KubeFault fault, CancellationToken ct)
    {
        var present = await context.Api.FindAsync(KontenaKinds.KontenaNodes, key, ct) ?? throw fault;
        context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.KontenaNodes, present);
        var ours = present.Metadata.OwnerReferences?.Any(o => o.Uid == pool.Metadata.Uid) == true;
        if (!ours || present.Metadata.IsBeingDeleted)
            context.Log.LogDebug("{Pool} waits for the name {Node}, which another node still has", pool.Metadata.Key, key);
    }

    /// <summary>Our finalizer goes as well: the node's own reconcile would hold a copy for ever.</summary>
    private async Task ForgetCopyAsync(NodePool pool, PoolAction.ForgetCopy forget, CancellationToken ct)
    {
        var key = new ObjectKey(pool.Metadata.Namespace!, forget.Name);
        try
        {
            var left = await context.Api.DeleteAsync(KontenaKinds.KontenaNodes, key, new DeleteQuery(Uid: forget.Uid), ct);
            if (left?.Metadata.Uid == forget.Uid) left = await finalizers.RemoveAsync(KontenaKinds.KontenaNodes, left, ApiGroup.NodeFinalizer, ct);
            if (left is not null) context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.KontenaNodes, left);
            context.Log.LogInformation("{Pool} {Reason}: {Message}", pool.Metadata.Key, forget.Reason, forget.Message);
        }
        catch (KubeFault fault) when (fault.Reason is FaultReason.NotFound or FaultReason.Conflict)
        {
            context.Log.LogDebug("{Pool}: copy {Node} is gone already, or another took its name", pool.Metadata.Key, key);
        }
    }

    private async Task RemoveNodeAsync(NodePool pool, PoolAction.RemoveNode remove, CancellationToken ct)
    {
        var key = new ObjectKey(pool.Metadata.Namespace!, remove.Name);
        try
        {
            var left = await context.Api.DeleteAsync(KontenaKinds.KontenaNodes, key, new DeleteQuery(remove.Uid, remove.Version), ct);
            if (left is not null) context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.KontenaNodes, left);
            context.Log.LogInformation("{Pool} {Reason}: {Message}", pool.Metadata.Key, remove.Reason, remove.Message);
        }
        catch (KubeFault fault) when (fault.Reason is FaultReason.NotFound or FaultReason.Conflict)
        {
            context.Log.LogDebug("{Pool}: node {Node} is gone already, another took its name, or it has changed since", pool.Metadata.Key, key);
        }
    }
}
