using System.Text.Json;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: what the plan for a pool's own firewalls is made from. No call leaves here.</summary>
internal static class PoolFirewalls
{
    /// <summary>False for a pool of plain Docker hosts that asks for no ports and never did: it is left in its network's usual firewall.</summary>
    public static bool AreNeeded(NodePool pool) =>
        pool.Spec.GridRef is not null
        || pool.Spec.Network is { Ports.Count: > 0 } or { Ssh: not null } or { Vpn: not null } or { Firewall: not null }
        || pool.Status?.Firewalls is { Count: > 0 };

    public static bool AreManaged(NodePool pool) => pool.Spec.Network?.Firewall?.Managed ?? true;

    /// <summary>Equal for two specs that ask for the same; what was found out about one says nothing of another.</summary>
    public static string AskedOf(NodePool pool) => JsonSerializer.Serialize(pool.Spec.Network, KontenaJson.Options);

    /// <param name="networks">Where its machines may be placed.</param>
    /// <param name="leaving">It goes, and has no node any more.</param>
    public static OwnerSight Of(NodePool pool, IReadOnlyList<string> networks, bool leaving, PortsContext context)
    {
        var (ns, uid, records) = (pool.Metadata.Namespace!, pool.Metadata.Uid!, pool.Status?.Firewalls);
        var account = OwnerAccounts.Of(pool.Spec.Provider.Settings);
        var settings = OwnerAccounts.Of(ns, [pool.Spec.Provider.Settings], records, context);
        var marks = new FirewallMarks(context.Installation.Id, FirewallOwner.Pool, uid);
        var accounts = settings.Select(s => OwnerAccounts.Seen(ns, uid, s.Key, s.Value, records, s.Key.CredentialsSecret is not { } secret || HeldSecrets.Of(pool).Contains(secret), context)).ToList();
        var present = accounts.SelectMany(a => (a.Listing?.Firewalls ?? []).Where(f => f.Marks == marks).Select(f => (a.Account, Firewall: f))).ToList();
        var here = present.Select(p => (p.Account, p.Firewall.Network));
        var wanted = (AreManaged(pool) ? networks.Select(network => (Account: account, Network: network)).Concat(here) : here).DistinctBy(p => (p.Account.Scope, p.Network));
        return new OwnerSight(pool.Metadata.Key, new FirewallsSeen
        {
            Marks = marks,
            OwnerName = pool.Metadata.Name!,
            Now = context.Time.GetUtcNow(),
            Leaving = leaving,
            Held = Held(pool, context),
            Places = leaving ? [] : [.. wanted.Select(p => new FirewallPlace(p.Account, p.Network, Want(pool, present.Select(f => f.Firewall), p.Network)))],
            Records = records ?? [],
            Accounts = accounts,
            Refused = context.Traces.Of(uid).Refused,
            Tries = context.Traces.Of(uid).Tries,
        },
        settings,
        $"Ports of Kontena node pool {ns}/{pool.Metadata.Name}",
        (type, reason, message) => context.Events.Record(KontenaKinds.NodePools, pool, type, reason, message));
    }

    /// <summary>While its last nodes go they are reached as before; and what its spec asks for may be nonsense.</summary>
    private static IReadOnlyList<PortRule> Want(NodePool pool, IEnumerable<Firewall> present, string network) => pool.Metadata.IsBeingDeleted
        ? [.. present.Where(f => f.Network == network).SelectMany(f => f.Rules).Select(r => r.Rule)]
        : PortPolicy.OfPool(pool.Spec.Network);

    private static Freeze? Held(NodePool pool, PortsContext context)
    {
        if (context.Installation.Frozen is { } frozen) return frozen;
        // Its firewalls would be left behind.
        if (pool.Metadata.Finalizers?.Contains(ApiGroup.PoolFinalizer) != true) return new Freeze("NotProtected", "The pool is not held yet: it could vanish before its firewalls.");
        if (pool.Metadata.IsBeingDeleted) return null;
        if (pool.Spec.Paused) return new Freeze("Paused", "The pool is paused: its firewalls stay as they are.");
        return AreManaged(pool) ? null : new Freeze("NotManaged", "spec.network.firewall.managed is false: firewalls stay as they are.");
    }
}
