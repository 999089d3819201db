using System.Net;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>Judges the ways in to each machine of a pool by the rules that were read back. Machines that have the same firewalls are judged once.</summary>
internal static class PortVerdicts
{
    private static readonly PortsVerdict nothingKeptOut = new(
        ConditionStatus.True, "NoFirewall", "The provider has no firewalls: it keeps nothing out, so what the machine itself does not refuse is open to everybody.", OverlayOpen: true, EspOpen: true);

    /// <param name="own">The pool's firewalls, as this look found them.</param>
    /// <returns>By the node's UID; nodes whose machine is not known are left out.</returns>
    public static Dictionary<string, PortsVerdict> Of(NodePool pool, OwnerPorts own, PortsContext context)
    {
        var (ns, settings) = (pool.Metadata.Namespace!, pool.Spec.Provider.Settings);
        var sightings = context.Inventories.Last(ns, settings);
        var account = context.Inventories.Firewalls(ns, settings);
        var grid = pool.Spec.GridRef is { } reference ? context.Grids.Find(new(ns, reference.Name)) : null;
        var shared = grid is null ? null : context.Book.Of(grid.Metadata.Uid!);
        Dictionary<string, PortsVerdict> verdicts = new(StringComparer.Ordinal);
        Dictionary<string, PortsVerdict> known = new(StringComparer.Ordinal);
        var isManaged = PoolFirewalls.AreManaged(pool);
        foreach (var (uid, machine) in Machines(pool, sightings, context))
        {
            if (own.NoFirewalls)
            {
                verdicts[uid] = nothingKeptOut;
                continue;
            }
            // Until it is known what the rules are, and what members want of each other, nothing can be said: what was said before stands.
            if (account.Said is { Last: null, Trouble: null } || (pool.Spec.GridRef is not null && MembersIn(shared, machine, settings) is null)) continue;
            // Rules of somebody else may name members one by one, and each machine does without its own.
            var alike = isManaged ? $"{machine.Network} {string.Join(' ', machine.Firewalls.Order(StringComparer.Ordinal))}" : machine.ProviderId;
            if (!known.TryGetValue(alike, out var verdict)) known[alike] = verdict = PortsVerdict.Of(See(pool, grid, own, shared, machine, account, context));
            verdicts[uid] = verdict;
        }
        return verdicts;
    }

    private static FirewallPlace? MembersIn(OwnerPorts? shared, Machine machine, ProviderSettings settings) =>
        shared?.Members.FirstOrDefault(m => m.Network == machine.Network && m.Account.Provider == settings.Provider && m.Account.Scope == settings.InventoryScope);

    private static IEnumerable<(string Uid, Machine Machine)> Machines(NodePool pool, Sightings? sightings, PortsContext context) =>
        from node in context.Nodes.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!)
        where !node.Metadata.IsBeingDeleted && node.Spec.ProviderID is not null
        let machine = sightings?.Of(node.Metadata.Uid!).ById(node.Spec.ProviderID!)
        where machine is { State: MachineState.Pending or MachineState.Running or MachineState.Stopping or MachineState.Stopped }
        select (node.Metadata.Uid!, machine);

    private static PortsSeen See(NodePool pool, Grid? grid, OwnerPorts own, OwnerPorts? shared, Machine machine, AccountFirewalls account, PortsContext context)
    {
        var isManaged = PoolFirewalls.AreManaged(pool);
        var settings = pool.Spec.Provider.Settings;
        var states = own.States.Concat(shared?.States ?? []).Where(s => s.Network == machine.Network);
        var members = MembersIn(shared, machine, settings)?.Want ?? [];
        var addresses = grid is null || isManaged ? [] : AddressesOf(grid, machine, context);
        return new PortsSeen
        {
            Pool = PortPolicy.OfPool(pool.Spec.Network),
            // Somebody else's firewall may let members in by any means: all of them are asked after at once, and stand for their addresses.
            Members = isManaged ? members : [.. members.Where(r => r.Source is RuleSource.Members)],
            MemberAddresses = addresses,
            Attached = Attached(machine, isManaged, account, grid, addresses, context),
            Own = [.. Attachments.Wanted(pool, machine.Network, context)],
            Managed = isManaged,
            Trouble = own.Trouble ?? states.Select(s => s.Lacks).FirstOrDefault(l => l is not null) ?? account.Said.Trouble,
        };
    }

    /// <summary>All of the machine's firewalls where somebody else keeps them; of those that the operator keeps its own are enough. Null where one was not read yet.</summary>
    private static List<Firewall>? Attached(Machine machine, bool isManaged, AccountFirewalls account, Grid? grid, IReadOnlyList<IPNetwork> members, PortsContext context)
    {
        if (account.Said.Last is not { } last) return null;
        if (isManaged) return [.. machine.Firewalls.Select(last.Own.ById).OfType<Firewall>()];
        account.Read(machine.Firewalls.Where(id => last.Own.ById(id) is null));
        List<Firewall> attached = [];
        foreach (var id in machine.Firewalls)
        {
            if (last.ById(id) is not { } firewall) return null;
            attached.Add(grid is null ? firewall : Spelt(firewall, grid, members, context));
        }
        return attached;
    }

    /// <summary>
    /// A rule for whoever has the same firewall lets those members in that are seen to have it, by their addresses. Whether it lets in another, a
    /// node that somebody else made, is not known.
    /// </summary>
    private static Firewall Spelt(Firewall firewall, Grid grid, IReadOnlyList<IPNetwork> members, PortsContext context)
    {
        var having = context.Nodes.ByIndex(NodeIndexes.Grid, grid.Metadata.Key.ToString())
            .Where(n => n.Spec.ProviderID is not null && !n.Metadata.IsBeingDeleted)
            .Select(n => context.Inventories.Sight(n.Metadata.Namespace!, n.Spec.Provider.Settings, n.Metadata.Uid!).ById(n.Spec.ProviderID!))
            .Where(m => m is not null && m.Firewalls.Contains(firewall.Id))
            .SelectMany(m => m!.Addresses).Select(a => IPNetwork.Parse($"{a}/{(a.Contains(':', StringComparison.Ordinal) ? 128 : 32)}")).ToHashSet();
        RuleSource others = members.All(having.Contains) ? RuleSource.Members.Instance : new RuleSource.Other(firewall.Id);
        return firewall with
        {
            Rules = [.. firewall.Rules.SelectMany(r => r.Rule.Source is not RuleSource.Members ? [r]
                : having.Where(members.Contains).Select(m => r with { Rule = r.Rule with { Source = new RuleSource.Network(m) } }).Append(r with { Rule = r.Rule with { Source = others } }))],
        };
    }

    private static IReadOnlyList<IPNetwork> AddressesOf(Grid grid, Machine machine, PortsContext context)
    {
        var own = machine.Addresses.ToHashSet(StringComparer.Ordinal);
        var members = GridMembers.Of(grid, context).Members.Where(m => m.Private is null || !own.Contains(m.Private.ToString())).Select(m => m with { Network = "" });
        return MembersElsewhere.Of(machine.Network, GridMembers.RegionOf(grid, machine, context), members);
    }
}
