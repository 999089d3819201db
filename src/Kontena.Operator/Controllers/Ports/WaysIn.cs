using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: what stands between a node's machine and those who are to reach it, out of what the owners' last looks published.</summary>
internal static class WaysIn
{
    public static WaysInSeen? Of(KontenaNode node, NodePool? pool, Grid? grid, PortBook book)
    {
        if (pool is null || pool.Metadata.Uid != node.Spec.PoolUID || !PoolFirewalls.AreNeeded(pool)) return null;
        var (hold, needsHuman) = PoolFirewalls.AreManaged(pool) && node.Spec.ProviderID is null ? HoldOf(pool, grid, book) : (null, false);
        return new WaysInSeen
        {
            Hold = hold,
            HoldNeedsHuman = needsHuman,
            Ports = book.Of(pool.Metadata.Uid!)?.Ports.GetValueOrDefault(node.Metadata.Uid!),
            Ipsec = grid is null ? null : book.Of(grid.Metadata.Uid!)?.Ipsec.GetValueOrDefault(node.Metadata.Uid!),
            IsManaged = PoolFirewalls.AreManaged(pool),
        };
    }

    /// <summary>The firewalls that a machine in that network is made with, as their owners' statuses name them: the grid's first.</summary>
    /// <exception cref="DriverException">One of them is not there yet.</exception>
    public static IReadOnlyList<string>? ForLaunch(KontenaNode node, string network, NodePool? pool, Grid? grid, PortBook book)
    {
        if (pool is null || !PoolFirewalls.AreNeeded(pool) || !PoolFirewalls.AreManaged(pool) || book.Of(pool.Metadata.Uid!) is not { NoFirewalls: false }) return null;
        var owners = node.Spec.GridRef is null ? new[] { pool.Status?.Firewalls } : [grid?.Status?.Firewalls, pool.Status?.Firewalls];
        return [.. owners.Select(refs => Written(refs, pool, network)?.Id
            ?? throw new DriverException(DriverFault.Unavailable, $"The firewalls for network {network} are not there yet.") { Code = "MakingFirewall" })];
    }

    private static (Freeze? Hold, bool NeedsHuman) HoldOf(NodePool pool, Grid? grid, PortBook book)
    {
        if (book.Of(pool.Metadata.Uid!) is not { } own) return (new Freeze("Observing", "Waiting for the first look at the pool's firewalls."), false);
        if (own.NoFirewalls) return (null, false);
        if (own.Trouble is { } trouble) return (trouble, own.NeedsHuman);
        foreach (var network in own.Networks)
        {
            if (Missing(own, pool, network, mustBeOpen: false, pool.Status?.Firewalls, "The pool's firewall") is { } lacks) return lacks;
            if (pool.Spec.GridRef is null) continue;
            if (grid is null || book.Of(grid.Metadata.Uid!) is not { } shared) return (new Freeze("Observing", "Waiting for the first look at the grid's firewalls."), false);
            if (Missing(shared, pool, network, mustBeOpen: true, grid.Status?.Firewalls, "The grid's firewall") is { } missing) return missing;
        }
        return (null, false);
    }

    /// <param name="mustBeOpen">An agent that comes before the overlay's ports are open peers with nobody.</param>
    private static (Freeze Hold, bool NeedsHuman)? Missing(OwnerPorts ports, NodePool pool, string network, bool mustBeOpen, IReadOnlyList<FirewallRef>? refs, string what)
    {
        var state = ports.States.FirstOrDefault(s => s.Network == network && IsAt(s.Account.Provider, s.Account.Scope, pool));
        if (state is { Firewall: not null } && (state.IsOpen || !mustBeOpen) && Written(refs, pool, network)?.Id == state.Firewall.Id) return null;
        return (state?.Lacks ?? new Freeze("MakingFirewall", $"{what} in {network} is not written down yet."), state?.NeedsHuman == true);
    }

    private static FirewallRef? Written(IReadOnlyList<FirewallRef>? refs, NodePool pool, string network) =>
        (refs ?? []).FirstOrDefault(r => r.Id is not null && r.Network == network && IsAt(r.Provider, r.Scope, pool));

    private static bool IsAt(string provider, string scope, NodePool pool) =>
        pool.Spec.Provider.Settings is var settings && settings.Provider == provider && settings.InventoryScope == scope;
}
