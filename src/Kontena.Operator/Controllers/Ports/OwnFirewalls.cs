using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Ipsec;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: what a pool or Grid needs to know of its own firewalls, out of what the last look published.</summary>
internal static class OwnFirewalls
{
    public static OwnFirewallsSeen? Of(NodePool pool, IReadOnlyList<KontenaNode> nodes, Grid? grid, PortBook book)
    {
        if (!PoolFirewalls.AreNeeded(pool)) return null;
        var own = book.Of(pool.Metadata.Uid!);
        var shared = grid is null ? null : book.Of(grid.Metadata.Uid!);
        var staying = nodes.Where(n => !n.Metadata.IsBeingDeleted).ToList();
        var seen = Of(own, pool.Status?.Firewalls, IsGivenUp(pool.Metadata));
        if (!pool.Metadata.IsBeingDeleted && own is not null) seen = LacksOf(pool, own, seen, staying.Count > 0) is { } lacks ? seen with { Lacks = lacks } : seen with { Lacks = null, NeedsHuman = false };
        return seen with
        {
            Ports = own is not null && AreJudged(staying, own.Ports) ? PortsVerdict.OfPool(Verdicts(staying, own.Ports)) : null,
            Ipsec = own is not null && shared is not null && AreJudged(staying, shared.Ipsec) ? IpsecVerdict.OfPool(Verdicts(staying, shared.Ipsec)) : null,
        };
    }

    private static Freeze? LacksOf(NodePool pool, OwnerPorts own, OwnFirewallsSeen seen, bool hasNodes)
    {
        // The condition would be of the spec that is there, and what it says of the one before.
        if (own.Asked != PoolFirewalls.AskedOf(pool)) return new Freeze("Observing", "The pool asks for something else since its firewalls were last looked at.");
        if (own.Trouble is not null) return seen.Lacks;
        // Firewalls that nobody keeps lack nothing that is about to come: what the machines lack is said of them. And without nodes a pool needs none.
        return PoolFirewalls.AreManaged(pool) && (hasNodes || pool.Metadata.Finalizers?.Contains(ApiGroup.PoolFinalizer) == true) ? seen.Lacks : null;
    }

    /// <summary>A pool's verdict out of some of its machines says something else than the one that stood before a start.</summary>
    private static bool AreJudged<T>(IReadOnlyList<KontenaNode> nodes, IReadOnlyDictionary<string, T> verdicts) => nodes.All(n => n.Spec.ProviderID is null || verdicts.ContainsKey(n.Metadata.Uid!));

    private static IEnumerable<KeyValuePair<string, T>> Verdicts<T>(IReadOnlyList<KontenaNode> nodes, IReadOnlyDictionary<string, T> verdicts) where T : class =>
        nodes.Select(n => (n.Metadata.Name, Verdict: verdicts.GetValueOrDefault(n.Metadata.Uid!))).Where(v => v.Verdict is not null).Select(v => KeyValuePair.Create(v.Name!, v.Verdict!));

    public static OwnFirewallsSeen Of(Grid grid, PortBook book) => Of(book.Of(grid.Metadata.Uid!), grid.Status?.Firewalls, IsGivenUp(grid.Metadata));

    private static OwnFirewallsSeen Of(OwnerPorts? ports, IReadOnlyList<FirewallRef>? recorded, bool isGivenUp)
    {
        var lacking = ports?.States.OrderByDescending(s => s.NeedsHuman).FirstOrDefault(s => s.Lacks is not null);
        return new OwnFirewallsSeen
        {
            IsObserved = ports is not null,
            Refs = ports?.Records,
            Gone = isGivenUp || OwnFirewallsSeen.NothingLeft(recorded, ports?.States ?? []),
            Lacks = ports is null ? new Freeze("Observing", "Its firewalls have not been looked at since the operator started.") : ports.Trouble ?? lacking?.Lacks,
            NeedsHuman = ports?.Trouble is not null ? ports.NeedsHuman : lacking?.NeedsHuman == true,
        };
    }

    /// <summary>A human wrote the owner's UID into the annotation: what cannot be removed stays.</summary>
    private static bool IsGivenUp(Kubernetes.Resources.ObjectMeta metadata) => metadata.Annotations?.GetValueOrDefault(ApiGroup.AbandonAnnotation) == metadata.Uid;
}
