using System.Net;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Grids;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: what the plan for a grid's firewalls is made from: one an account and network that a pool of the grid uses. No call leaves here.</summary>
internal static class GridFirewalls
{
    /// <param name="leaving">It goes, and no node of it is left.</param>
    public static OwnerSight Of(Grid grid, bool leaving, PortsContext context)
    {
        var (ns, uid) = (grid.Metadata.Namespace!, grid.Metadata.Uid!);
        var marks = new FirewallMarks(context.Installation.Id, FirewallOwner.Grid, uid);
        var pools = PoolsOf(grid, context);
        var records = grid.Status?.Firewalls;
        var settings = OwnerAccounts.Of(ns, pools.Select(p => p.Spec.Provider.Settings), records, context);
        // The credentials that remove a firewall must be remembered before it is made.
        var accounts = settings.Select(s => OwnerAccounts.Seen(ns, uid, s.Key, s.Value, records, s.Key.CredentialsSecret is not { } secret || HeldByGrid.Of(grid).Contains(secret), context)).ToList();
        return new OwnerSight(grid.Metadata.Key, new FirewallsSeen
        {
            Marks = marks,
            OwnerName = grid.Metadata.Name!,
            Now = context.Time.GetUtcNow(),
            Leaving = leaving,
            Held = Held(grid, context),
            Places = leaving ? [] : [.. Places(grid, marks, pools, accounts, context)],
            Records = records ?? [],
            Accounts = accounts,
            Refused = context.Traces.Of(uid).Refused,
            Tries = context.Traces.Of(uid).Tries,
        },
        settings,
        $"Members of Kontena grid {ns}/{grid.Metadata.Name}",
        (type, reason, message) => context.Events.Record(KontenaKinds.Grids, grid, type, reason, message));
    }

    public static IReadOnlyList<NodePool> PoolsOf(Grid grid, PortsContext context) =>
        [.. context.Pools.All.Where(p => p.Metadata.Namespace == grid.Metadata.Namespace && p.Spec.GridRef?.Name == grid.Metadata.Name).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];

    /// <summary>Where a pool whose firewall is managed may place machines, and where a firewall of the grid is already.</summary>
    private static IEnumerable<FirewallPlace> Places(Grid grid, FirewallMarks marks, IReadOnlyList<NodePool> pools, IReadOnlyList<AccountSeen> accounts, PortsContext context)
    {
        var wanted = pools.Where(p => !p.Metadata.IsBeingDeleted && PoolFirewalls.AreManaged(p))
            .SelectMany(p => (context.Book.Of(p.Metadata.Uid!)?.Networks ?? []).Select(network => (Account: OwnerAccounts.Of(p.Spec.Provider.Settings), Network: network)));
        var present = accounts.SelectMany(a => (a.Listing?.Firewalls ?? []).Where(f => f.Marks == marks).Select(f => (a.Account, f.Network)));
        return Wants(grid, marks, wanted.Concat(present), pools, accounts, context);
    }

    /// <summary>The same for every network where members are, whoever keeps the firewalls there.</summary>
    public static IReadOnlyList<FirewallPlace> Members(Grid grid, FirewallsSeen seen, PortsContext context)
    {
        var pools = PoolsOf(grid, context);
        var others = pools.Where(p => !PoolFirewalls.AreManaged(p)).SelectMany(p => NetworksOf(p, context).Select(network => (Account: OwnerAccounts.Of(p.Spec.Provider.Settings), Network: network)))
            .Where(o => !seen.Places.Any(p => (p.Account.Provider, p.Account.Scope, p.Network) == (o.Account.Provider, o.Account.Scope, o.Network)));
        return [.. seen.Places, .. Wants(grid, seen.Marks, others, pools, [], context)];
    }

    private static IEnumerable<string> NetworksOf(NodePool pool, PortsContext context) =>
        from node in context.Nodes.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!)
        let machine = node.Spec.ProviderID is { } id ? context.Inventories.Sight(node.Metadata.Namespace!, node.Spec.Provider.Settings, node.Metadata.Uid!).ById(id) : null
        where machine is not null
        select machine.Network;

    private static IEnumerable<FirewallPlace> Wants(Grid grid, FirewallMarks marks, IEnumerable<(FirewallAccount Account, string Network)> places, IReadOnlyList<NodePool> pools, IReadOnlyList<AccountSeen> accounts, PortsContext context)
    {
        var esp = pools.Count == 0 || IpsecPolicy.WantsEsp(pools.Select(p => p.Spec.Network?.Ipsec?.Mode ?? IpsecMode.Preferred));
        var (members, isComplete) = GridMembers.Of(grid, context);
        foreach (var (account, network) in places.DistinctBy(p => (p.Account.Provider, p.Account.Scope, p.Network)))
        {
            var region = members.FirstOrDefault(m => m.Network == network && m.Region.Length > 0)?.Region ?? account.Scope.Split('@', 2)[0];
            var elsewhere = MembersElsewhere.Of(network, region, members).AsEnumerable();
            if (!isComplete) elsewhere = elsewhere.Union(AlreadyIn(accounts, marks, network));
            yield return new FirewallPlace(account, network, PortPolicy.OfMembers(esp, [.. elsewhere]));
        }
    }

    /// <summary>Whoever was let in stays in until it is known that it is no member any more.</summary>
    private static IEnumerable<IPNetwork> AlreadyIn(IReadOnlyList<AccountSeen> accounts, FirewallMarks marks, string network) =>
        accounts.SelectMany(a => a.Listing?.Firewalls ?? []).Where(f => f.Marks == marks && f.Network == network)
            .SelectMany(f => f.Rules).Where(r => r.IsOurs).Select(r => r.Rule.Source).OfType<RuleSource.Network>().Select(n => n.Addresses);

    private static Freeze? Held(Grid grid, PortsContext context)
    {
        if (context.Installation.Frozen is { } frozen) return frozen;
        // Its firewalls would be left behind.
        return grid.Metadata.Finalizers?.Contains(ApiGroup.GridFinalizer) == true ? null : new Freeze(GridReasons.NotProtected, "The Grid is not held yet: it could vanish before its firewalls.");
    }
}
