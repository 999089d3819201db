using Kontena.Kubernetes.Resources;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>See: who claims which id, over all grids, pools and namespaces. No call leaves here.</summary>
internal sealed class IdentityClaims(IdentityContext context)
{
    private readonly Dictionary<ObjectKey, GridSight> grids = [];

    /// <summary>Nodes first, so that the entries which are left belong to nobody of ours.</summary>
    public IReadOnlyList<NodeClaim> Gather()
    {
        var claims = new List<NodeClaim>();
        foreach (var grid in context.Grids.All) SightOf(grid.Metadata.Key);
        foreach (var node in context.Nodes.All)
            // A copy has no machine of its own: what it says is the original's.
            if (NodeIndexes.GridOf(node) is { } key && !node.Spec.IsCopy(node.Metadata.Uid!)) claims.Add(OfNode(node, SightOf(key)));
        foreach (var grid in grids.Values.Where(g => !g.IsAnothers))
            foreach (var entry in grid.View.Last?.Nodes ?? [])
                if (EngineId.Of(entry.NodeId) is { } id && !grid.Ours.Contains(entry.Name) && !IsLeftBehind(entry)) claims.Add(OfStranger(entry, id, grid));
        return claims;
    }

    private GridSight SightOf(ObjectKey key) => grids.TryGetValue(key, out var known) ? known : grids[key] = GridSight.Of(key, context);

    private NodeClaim OfNode(KontenaNode node, GridSight grid)
    {
        var (uid, name, spec) = (node.Metadata.Uid!, EntryObservation.NameOf(node), node.Spec);
        var (ns, settings) = (node.Metadata.Namespace!, spec.Provider.Settings);
        var machine = context.Inventories.Sight(ns, settings, uid).ById(spec.ProviderID);
        // A node that has no machine waits for none.
        var unseen = spec.ProviderID is not null && context.Inventories.Last(ns, settings) is null;
        var entry = grid.View.Last?.ByName(name) is { } shown && IsOf(shown, node) ? shown : null;
        if (entry is not null) grid.Ours.Add(name);
        var told = node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.IDUnique);
        return new NodeClaim
        {
            Claimant = new Claimant(grid.Key.ToString(), name) { NodeUid = uid, Node = node.Metadata.Key.ToString(), PoolUid = spec.PoolUID },
            Master = grid.Master,
            AtMaster = EngineId.Of(entry?.NodeId),
            Pinned = EngineId.Of(spec.Attempt?.KontenaNodeID),
            Recorded = EngineId.Of(node.Status?.EngineID),
            Mode = spec.Identity ?? IdentityMode.Pinned,
            Observed = grid.View.Last is not null,
            Unseen = unseen,
            Awaited = unseen && context.Inventories.Provider(ns, settings) is ProviderSeen.NotYet,
            Stale = grid.View.Trouble is not null || grid.View.Last is null,
            Leaving = node.Metadata.IsBeingDeleted || machine is { IsAlive: false } || HasEnded(node),
            JoinedAt = node.Status?.JoinedAt,
            ConnectedAt = entry?.ConnectedAt,
            CreatedAt = node.Metadata.CreationTimestamp,
            Joined = entry is { NeverJoined: false, NodeId: not null } || (entry is null && node.Status?.JoinedAt is not null),
            Connected = entry is { Connected: true },
            Overdue = machine is not null && entry is not null && OverdueRule.Holds(grid.View, entry, context.Traces.OfPeer(uid, spec), spec, machine, context.Pace.JoinDeadline, context.Time.GetUtcNow()),
            Address = entry?.PrivateIp,
            MachineAddresses = machine?.Addresses ?? node.Status?.Addresses ?? [],
            Account = $"{settings.Provider} {settings.InventoryScope}",
            Image = spec.Attempt?.Image ?? "",
            CloseCode = entry is { Connected: false } ? CloseNotice.Of(grid.View.Health.GetValueOrDefault(name)?.Trouble)?.Code : null,
            ReportedSince = told is null ? null : IdVerdict.SinceIn(told),
        };
    }

    private static NodeClaim OfStranger(MasterNode entry, EngineId id, GridSight grid) => new()
    {
        Claimant = new Claimant(grid.Key.ToString(), entry.Name),
        Master = grid.Master,
        AtMaster = id,
        Stale = grid.View.Trouble is not null,
        // Made by its agent's first connection, where it has no token of its own.
        JoinedAt = entry.HasToken ? null : entry.CreatedAt,
        ConnectedAt = entry.ConnectedAt,
        CreatedAt = entry.CreatedAt,
        Joined = !entry.NeverJoined,
        Connected = entry.Connected,
        Address = entry.PrivateIp,
    };

    /// <summary>The entry's mark names the node, or the one whose machine it took over; one without a mark is taken by its name.</summary>
    private static bool IsOf(MasterNode entry, KontenaNode node) =>
        entry.Label(KontenaLabels.Node) is not { } owner || owner == node.Metadata.Uid || owner == node.Spec.Adopts?.NodeUID;

    /// <summary>An entry of a node that is gone, or that goes under another name: nothing is connected there, so its id is nobody's.</summary>
    private bool IsLeftBehind(MasterNode entry) =>
        entry.Label(KontenaLabels.Node) is { } owner && (!entry.Connected || context.Nodes.ByIndex(NodeIndexes.Uid, owner).Count > 0);

    private static bool HasEnded(KontenaNode node) =>
        node.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready)?.Reason is NodeReasons.MachineTerminated or NodeReasons.MachineMissing;
}
