using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>Judges the encryption of each of our nodes in a grid, by the rules, addresses and trusted subnets that were read back.</summary>
internal static class IpsecVerdicts
{
    /// <returns>By the node's UID; nodes whose ways in were not judged yet are left out.</returns>
    public static Dictionary<string, IpsecVerdict> Of(Grid grid, IReadOnlyList<NodePool> pools, PortsContext context)
    {
        var ns = grid.Metadata.Namespace!;
        var judged = context.Nodes.ByIndex(NodeIndexes.Grid, grid.Metadata.Key.ToString())
            .Where(n => !n.Metadata.IsBeingDeleted && n.Spec.KontenaName is not null)
            .Select(n => (Node: n, Ports: context.Book.Of(n.Spec.PoolUID)?.Ports.GetValueOrDefault(n.Metadata.Uid!)))
            .Where(each => each.Ports is not null).ToList();
        var view = context.Hub.View(ns, grid.Metadata.Name!);
        // Until the Master has told who is in the grid nothing can be said: what was said before stands.
        if (judged.Count == 0 || view.Last is null || view.Grid is null) return [];
        var policy = new IpsecPolicy(new IpsecGrid
        {
            Pools = [.. pools.Where(p => !p.Metadata.IsBeingDeleted).Select(p => new PoolIpsec(p.Metadata.Name!, p.Spec.Network?.Ipsec?.Mode ?? IpsecMode.Preferred))],
            Members = GridMembers.Of(grid, context).Members,
            TrustedSubnets = view.Grid.TrustedSubnets,
            DeclaredSubnets = grid.Spec.TrustedSubnets,
            EspClosed = [.. judged.Where(each => each.Ports!.EspOpen == false).Select(each => each.Node.Spec.KontenaName!)],
        });
        return judged.ToDictionary(each => each.Node.Metadata.Uid!, each => IpsecVerdict.Of(policy, Node(each.Node, each.Ports!, context)), StringComparer.Ordinal);
    }

    private static IpsecNode Node(KontenaNode node, PortsVerdict ports, PortsContext context)
    {
        var said = context.Inventories.Firewalls(node.Metadata.Namespace!, node.Spec.Provider.Settings).Said;
        return new IpsecNode
        {
            Name = node.Spec.KontenaName!,
            Pool = node.Spec.PoolName,
            Mode = node.Spec.Ipsec ?? IpsecMode.Preferred,
            EspOpen = ports.EspOpen,
            ExpressesEsp = said.HasNone || said.Promises?.ExpressesEsp != false,
        };
    }
}
