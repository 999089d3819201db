using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>Keeps a pool's nodes at what its spec asks for: see, plan, do, tell.</summary>
internal sealed class NodePoolsReconciler(PoolContext context, PoolActions actions, FirstLook firstLook) : IReconciler
{
    /// <summary>Secrets are not watched. A listing that fails for want of it soon says so, and wakes the pool when it answers again; this is for one that comes back before.</summary>
    private static readonly TimeSpan LookForSecretAgain = TimeSpan.FromSeconds(10);

    public string Name => "nodepools";

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (context.Pools.Store.Find(key) is not { } cached) return new Next.AwaitChange();
        if (await BehindAsync(cached.Metadata.Uid!, ct) is { } behind) return behind;
        await firstLook.EnsureAsync(ct);
        if (context.Pools.Store.Find(key) is not { } pool) return new Next.AwaitChange();

        var seen = PoolObservation.Of(pool, context);
        var plan = PoolPlanner.Plan(seen);
        if (plan.Actions.Any(a => a is PoolAction.AddNode or PoolAction.AdoptMachine))
        {
            if (pool.Metadata.IsBeingDeleted) return new Next.AwaitChange();
            if (await actions.ProtectAsync(pool, ct) is not { } held) return new Next.After(LookForSecretAgain);
            pool = held;
        }
        else if (seen is { Frozen: null, Spec.Paused: false } && HeldSecrets.LacksCurrent(pool))
        {
            pool = await actions.ProtectAsync(pool, ct) ?? pool;
        }
        var before = pool.Status;
        if (await actions.DoAsync(pool, plan, ct) is not { } left)
        {
            context.Ledger.Forget(pool.Metadata.Uid!);
            return new Next.AwaitChange();
        }
        await TellAsync(left, seen, plan, before, ct);
        return new Next.AwaitChange();
    }

    private async Task<Next?> BehindAsync(string uid, CancellationToken ct) =>
        await context.Ledger.WaitAsync(uid, KontenaKinds.NodePools, context.Pools, ct)
        ?? await context.Ledger.WaitAsync(uid, KontenaKinds.KontenaNodes, context.Nodes, ct);

    private async Task TellAsync(NodePool pool, PoolSeen seen, PoolPlan plan, NodePoolStatus? before, CancellationToken ct)
    {
        PoolNews.Tell(context.Events, pool, plan);
        // The plan itself changes the object: its status is told in the round that this wakes.
        if (plan.Actions.Any(a => a is PoolAction.SetReplicas or PoolAction.HoldAgain or PoolAction.EndAdoption)) return;
        var after = PoolStatus.Compose(seen, plan, before, context.Time.GetUtcNow());
        PoolNews.Tell(context.Events, pool, before, after);
        if (!PoolStatus.IsWorthWriting(before, after)) return;
        var written = await context.Api.UpdateAsync(KontenaKinds.NodePools, pool with { Status = after }, WriteOptions.Status, ct);
        context.Ledger.Record(pool.Metadata.Uid!, KontenaKinds.NodePools, written);
    }
}
