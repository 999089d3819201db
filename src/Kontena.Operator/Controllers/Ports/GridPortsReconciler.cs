using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>Keeps the firewalls through which a grid's members reach each other: see, plan, do; what was seen is published.</summary>
/// <param name="wake">Called with a Grid whose firewalls look different.</param>
internal sealed class GridPortsReconciler(PortsContext context, FirewallRound round, Action<Grid> wake) : IReconciler
{
    public string Name => "gridports";

    public async Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (context.Grids.Find(key) is not { } grid) return new Next.AwaitChange();
        var uid = grid.Metadata.Uid!;
        context.Traces.Mended(uid, grid.Metadata.Generation ?? 0);
        var leaving = grid.Metadata.IsBeingDeleted && context.Nodes.ByIndex(NodeIndexes.Grid, key.ToString()).Count == 0;
        var owner = GridFirewalls.Of(grid, leaving, context);
        var plan = FirewallPlanner.Plan(owner.Seen);
        foreach (var secret in plan.Actions.OfType<FirewallAction.Make>().Select(m => m.Account.CredentialsSecret).OfType<string>().Distinct(StringComparer.Ordinal))
            // Whoever deletes the namespace deletes the pool that holds it as well, and the Grid's firewalls outlast the pool.
            await context.GridSecrets.HoldAsync(grid, [secret], ct);
        var next = await round.DoAsync(owner, plan, ct);
        var ports = new OwnerPorts { Plan = plan, Members = leaving ? [] : GridFirewalls.Members(grid, owner.Seen, context), Ipsec = IpsecVerdicts.Of(grid, GridFirewalls.PoolsOf(grid, context), context) };
        if (context.Book.Publish(uid, ports)) wake(grid);
        return next;
    }
}
