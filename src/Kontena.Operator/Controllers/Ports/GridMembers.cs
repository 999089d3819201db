using System.Net;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: a grid's nodes as its firewalls need to know them, out of the Master's list and the providers' inventories.</summary>
internal static class GridMembers
{
    /// <summary>The label by which nodes choose between private and public addresses.</summary>
    private const string Region = "region";

    /// <returns>Incomplete where the Master has not been listed since the operator started, or a machine of the grid was not seen.</returns>
    public static (IReadOnlyList<GridMember> Members, bool IsComplete) Of(Grid grid, PortsContext context)
    {
        var ns = grid.Metadata.Namespace!;
        if (context.Hub.View(ns, grid.Metadata.Name!).Last is not { } listing) return ([], false);
        var own = context.Nodes.ByIndex(NodeIndexes.Grid, grid.Metadata.Key.ToString()).Where(n => n.Spec.KontenaName is not null).ToLookup(n => n.Spec.KontenaName!, StringComparer.Ordinal);
        List<GridMember> members = [];
        var isComplete = true;
        foreach (var entry in listing.Nodes)
        {
            var node = own[entry.Name].FirstOrDefault();
            string? network = "";
            if (node is not null)
            {
                var machine = MachineOf(node, context.Inventories.Last(ns, node.Spec.Provider.Settings));
                // One listing may lack a machine that is there; whoever has its address is shut out when it is known to have ended, or its entry is gone.
                isComplete &= machine is not null || node.Spec.ProviderID is null;
                network = machine is { IsAlive: true } ? NetworkOf(grid, node, machine, context) : null;
            }
            if (network is null) continue;
            members.Add(new GridMember { Name = entry.Name, Network = network, Region = entry.Label(Region) ?? "", Private = Address(entry.PrivateIp), Public = Address(entry.PublicIp) });
        }
        return (members, isComplete);
    }

    /// <summary>The region label of the machine's node, or else what others in its network have; empty where nobody has one.</summary>
    public static string RegionOf(Grid grid, Machine machine, PortsContext context) =>
        Of(grid, context).Members.Where(m => m.Region.Length > 0).OrderByDescending(m => m.Private is { } address && machine.Addresses.Contains(address.ToString())).ThenByDescending(m => m.Network == machine.Network).FirstOrDefault()?.Region ?? "";

    private static Machine? MachineOf(KontenaNode node, Sightings? sightings) =>
        node.Spec.ProviderID is { } id ? sightings?.Of(node.Metadata.Uid!).ById(id) : null;

    /// <summary>Empty where its machine does not have the grid's firewall, because nobody manages its pool's. One that was made while somebody did has it still.</summary>
    private static string NetworkOf(Grid grid, KontenaNode node, Machine machine, PortsContext context) =>
        context.Pools.Find(NodeIndexes.PoolOf(node)) is { } pool && !PoolFirewalls.AreManaged(pool) && !HasFirewallOf(grid, node, machine, context) ? "" : machine.Network;

    private static bool HasFirewallOf(Grid grid, KontenaNode node, Machine machine, PortsContext context)
    {
        var marks = new FirewallMarks(context.Installation.Id, FirewallOwner.Grid, grid.Metadata.Uid!);
        var listing = context.Inventories.Firewalls(node.Metadata.Namespace!, node.Spec.Provider.Settings).Said.Last?.Own;
        return machine.Firewalls.Any(id => listing?.ById(id)?.Marks == marks);
    }

    private static IPAddress? Address(string? text) => IPAddress.TryParse(text, out var address) ? address : null;
}
