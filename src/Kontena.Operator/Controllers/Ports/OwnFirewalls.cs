using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>See: what a pool or Grid needs to know of its own firewalls, out of what the last look published.</summary>
internal static class OwnFirewalls
{
    public static OwnFirewallsSeen? Of(NodePool pool, PortBook book) =>
        PoolFirewalls.AreNeeded(pool) ? Of(book.Of(pool.Metadata.Uid!), pool.Status?.Firewalls, IsGivenUp(pool.Metadata)) : null;

    public static OwnFirewallsSeen Of(Grid grid, PortBook book) => Of(book.Of(grid.Metadata.Uid!), grid.Status?.Firewalls, IsGivenUp(grid.Metadata));

    private static OwnFirewallsSeen Of(OwnerPorts? ports, IReadOnlyList<FirewallRef>? recorded, bool isGivenUp)
    {
        var lacking = ports?.States.OrderByDescending(s => s.NeedsHuman).FirstOrDefault(s => s.Lacks is not null);
        return new OwnFirewallsSeen
        {
            Refs = ports is { Plan: not null } or { NoFirewalls: true } ? ports.Refs : null,
            // Each is written down before it is made: where nothing is written down and nothing is seen, there is nothing.
            Gone = isGivenUp || ports?.Gone == true || (recorded is not { Count: > 0 } && ports?.States.Any(s => s.Firewall is not null) != true),
            Lacks = ports is null ? new Freeze("Observing", "Its firewalls have not been looked at since the operator started.") : ports.Trouble ?? lacking?.Lacks,
            NeedsHuman = ports?.Trouble is not null ? ports.NeedsHuman : lacking?.NeedsHuman == true,
        };
    }

    /// <summary>A human wrote the owner's UID into the annotation: what cannot be removed stays.</summary>
    private static bool IsGivenUp(Kubernetes.Resources.ObjectMeta metadata) => metadata.Annotations?.GetValueOrDefault(ApiGroup.AbandonAnnotation) == metadata.Uid;
}
