using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>
/// Keeps the firewalls of a pool at what its spec asks for: see, plan, do; what was seen is published, and told by those who write the pool's
/// and its nodes' statuses.
/// </summary>
/// <param name="wake">Called with a pool whose firewalls look different.</param>
internal sealed class PoolPortsReconciler(PortsContext context, FirewallRound round, Attachments attachments, SecretHolds secrets, Action<NodePool> wake) : IReconciler
{
    /// <summary>Of each pool: itself, its Secret, and the credentials that were in it when it was last held.</summary>
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, string Secret, string Credentials)> held = [];

    public string Name => "poolports";

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (context.Pools.Find(key) is not { } pool)
        {
            held.TryRemove(key, out _);
            return new Next.AwaitChange();
        }
        var uid = pool.Metadata.Uid!;
        if (!PoolFirewalls.AreNeeded(pool))
        {
            context.Book.Forget(uid);
            return new Next.AwaitChange();
        }
        context.Traces.Mended(uid, pool.Metadata.Generation ?? 0);
        var settings = pool.Spec.Provider.Settings;
        if (context.Inventories.Firewalls(key.Namespace, settings).Said.HasNone) return Publish(pool, new OwnerPorts { NoFirewalls = true }, new Next.AwaitChange());
        if (!pool.Metadata.IsBeingDeleted && Validation.Check(key.Name, pool.Spec, old: null).Count > 0)
            return Publish(pool, new OwnerPorts { Trouble = new Freeze("InvalidSpec", "The pool's spec cannot be carried out, so its firewalls stay as they are."), NeedsHuman = true }, new Next.AwaitChange());
        IReadOnlyList<string>? networks;
        try
        {
            networks = await NetworksAsync(pool, ct);
        }
        catch (DriverException fault)
        {
            return Publish(pool, fault);
        }
        return networks is null ? Publish(pool, new OwnerPorts { NoFirewalls = true }, new Next.AwaitChange()) : await LookAsync(pool, networks, ct);
    }

    /// <returns>Where machines of the pool may be placed, none where nothing is to be made for it; null: the provider has no firewalls.</returns>
    private async Task<IReadOnlyList<string>?> NetworksAsync(NodePool pool, CancellationToken ct)
    {
        if (pool.Metadata.IsBeingDeleted || !PoolFirewalls.AreManaged(pool)) return [];
        var settings = pool.Spec.Provider.Settings;
        var account = await context.Accounts.OpenAsync(pool.Metadata.Namespace!, settings, ct);
        return account.Driver.Firewalls is { } driver ? await driver.NetworksAsync(settings, ct) : null;
    }

    private async Task<Next> LookAsync(NodePool pool, IReadOnlyList<string> networks, CancellationToken ct)
    {
        var leaving = pool.Metadata.IsBeingDeleted && context.Nodes.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!).Count == 0;
        var owner = PoolFirewalls.Of(pool, networks, leaving, context);
        var plan = FirewallPlanner.Plan(owner.Seen);
        if (owner.Seen.Held is null && !pool.Metadata.IsBeingDeleted && plan.Records.Count > 0) await HoldAsync(pool, ct);
        var next = Publish(pool, new OwnerPorts { Plan = plan, Networks = networks }, await round.DoAsync(owner, plan, ct));
        return leaving || owner.Seen.Held is not null ? next : Next.Earliest(next, await attachments.AttachAsync(pool, ct));
    }

    /// <summary>
    /// Whoever made the Secret after the pool's credentials had moved to it, or deleted it and made it anew, made one that nobody holds: other
    /// credentials than before may come of that. Without it the firewalls could not be removed in the end.
    /// </summary>
    private async Task HoldAsync(NodePool pool, CancellationToken ct)
    {
        var settings = pool.Spec.Provider.Settings;
        var said = context.Inventories.Firewalls(pool.Metadata.Namespace!, settings).Said;
        if (settings.CredentialsSecret is not { } secret || said.Credentials.Length == 0 || !HeldSecrets.Of(pool).Contains(secret)) return;
        var now = (pool.Metadata.Uid!, secret, said.Credentials);
        if (held.TryGetValue(pool.Metadata.Key, out var before) && before == now) return;
        if (await secrets.HoldAsync(pool, ct)) held[pool.Metadata.Key] = now;
    }

    private Next Publish(NodePool pool, DriverException fault)
    {
        var again = RetryRule.NeedsHuman(fault.Fault) ? context.Pace.LookAgain : RetryRule.After(fault.Fault, 3);
        // What made the breaker open is the news, and was told.
        var trouble = fault.Code == ResilientDriver.SuspendedCode && context.Book.Of(pool.Metadata.Uid!)?.Trouble is { } told ? told : new Freeze(ProviderReasons.Of(fault), fault.Message);
        return Publish(pool, new OwnerPorts { Trouble = trouble, NeedsHuman = RetryRule.NeedsHuman(fault.Fault) }, new Next.After(again));
    }

    private Next Publish(NodePool pool, OwnerPorts ports, Next next)
    {
        if (!pool.Metadata.IsBeingDeleted && ports.Trouble is null) ports = ports with { Ports = PortVerdicts.Of(pool, ports, context) };
        if (context.Book.Publish(pool.Metadata.Uid!, ports with { Asked = PoolFirewalls.AskedOf(pool) })) wake(pool);
        return next;
    }
}
