namespace Kontena.Simulator.Kontena.Database;

/// <summary>
/// Puts service instances on nodes and takes them off those that drain, one after another. Stateless ones move; stateful ones are stopped where they are, and
/// start again when the node is active again (kontena server/app/mutations/host_nodes/update.rb). Call under the database's lock.
/// </summary>
internal sealed class Scheduler(MasterClock clock, Agenda agenda, Tokens tokens, TimeSpan moves)
{
    private static readonly TimeSpan LeastRetry = TimeSpan.FromSeconds(1);

    public Container Place(ServiceInstance instance, HostNode node)
    {
        var container = new Container(tokens.Hex(32), instance, node, clock.GetUtcNow());
        instance.Container = container;
        return container;
    }

    public void Drain(HostNode node) => agenda.At(clock.Simulated + moves, () => DrainNext(node));

    public void Activate(HostNode node)
    {
        foreach (var instance in On(node).Where(i => i.Stateful)) instance.Container?.Start(clock.GetUtcNow());
        PlaceHomeless(node.Grid);
    }

    /// <summary>The node's records are gone with it; its stateless instances start elsewhere at once (kontena server/app/services/grid_scheduler.rb).</summary>
    public void Remove(HostNode node)
    {
        foreach (var instance in node.Grid.Instances)
        {
            instance.Former.RemoveAll(c => c.Node == node);
            if (instance.Container?.Node == node) instance.Container = null;
        }
        PlaceHomeless(node.Grid);
    }

    /// <summary>Instances that lost their node go where one takes them.</summary>
    public void PlaceHomeless(Grid grid)
    {
        foreach (var instance in grid.Instances.Where(i => i.Container is null))
            if (Roomiest(grid) is { } node) Place(instance, node);
    }

    private void DrainNext(HostNode node)
    {
        if (!node.Draining || !node.Grid.Nodes.Contains(node)) return;
        if (On(node).FirstOrDefault(i => i.Container is { Running: true }) is not { } instance) return;
        var wait = moves;
        if (instance.Stateful) instance.Container?.Stop(clock.GetUtcNow());
        else if (Roomiest(node.Grid) is { } target) Move(instance, target);
        else if (On(node).FirstOrDefault(i => i is { Stateful: true, Container.Running: true }) is { } stateful) stateful.Container?.Stop(clock.GetUtcNow());
        else wait = moves > LeastRetry ? moves : LeastRetry;
        agenda.At(clock.Simulated + wait, () => DrainNext(node));
    }

    private void Move(ServiceInstance instance, HostNode target)
    {
        if (instance.Container is { } old)
        {
            old.Delete(clock.GetUtcNow());
            instance.Former.Add(old);
        }
        Place(instance, target);
    }

    private static IEnumerable<ServiceInstance> On(HostNode node) => node.Grid.Instances.Where(i => i.Container?.Node == node);

    private static HostNode? Roomiest(Grid grid) => grid.Nodes.Where(n => n.Status == HostNodeStatus.Online)
        .OrderBy(n => On(n).Count()).ThenBy(n => n.Number).FirstOrDefault();
}
