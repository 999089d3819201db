using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>A node whose machine runs: whether it has joined its grid and works there. What the Master last said stands while it does not answer.</summary>
internal static class JoinPath
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    /// <summary>How long an agent may be connected without telling about its machine.</summary>
    private static readonly TimeSpan ReportsWithin = TimeSpan.FromMinutes(2);

    public static NodeStep Of(NodeSeen seen, EntrySeen grid, Machine machine)
    {
        if (grid.View.Last is not { } listing)
            return grid.JoinedAt is null && (grid.View.Trouble?.Message ?? grid.View.Holds?.Message) is { } why
                ? new NodeStep.Wait(grid.View.Trouble?.Reason ?? grid.View.Holds!.Reason, $"The machine {machine.ProviderId} runs, but whether it joins is not known: {why}", Again, grid.View.Trouble?.NeedsHuman ?? grid.View.HoldNeedsHuman)
                : new NodeStep.Wait("Observing", $"Grid {grid.View.Name} has not been observed since the operator started.");
        if (grid.Entry is not { } entry) return NoEntry(grid, machine, listing);
        if (entry.Label(KontenaLabels.Node) is { } owner && owner != seen.Uid && grid.OwnUids.Contains(owner) && !(grid.Trace.RelabelledAt >= listing.BegunAt) && grid.Troubled(seen.Now, "") is null && grid.View.Trouble is null)
            return new NodeStep.Relabel(grid.Name, KontenaLabels.WithOwner(entry.Labels, seen.Uid));
        return entry.Status switch
        {
            MasterNodeStatus.Created => Joining(seen, grid, machine, entry),
            MasterNodeStatus.Connecting => Connecting(seen, grid, machine, entry),
            // The Master binds an agent's id to the entry before it looks at its clock (kontena server/app/services/agent/node_plugger.rb): refused for
            // that, a node is offline which was never connected.
            MasterNodeStatus.Offline when JoinDiagnosis.IsKnown(grid, entry) => Diagnosed(seen, grid, machine, entry),
            MasterNodeStatus.Offline => Offline(seen, grid, entry),
            MasterNodeStatus.Online or MasterNodeStatus.Drain => Online(seen, grid, entry),
            _ => new NodeStep.Wait("GridStatusUnknown", $"{entry.Name} has a status at the Master that this version does not know.", Again),
        };
    }

    private static NodeStep.Wait NoEntry(EntrySeen grid, Machine machine, MasterListing listing)
    {
        if (grid.Trace.ConfirmedAt >= listing.BegunAt) return new NodeStep.Wait(NodeReasons.Joining, $"The machine {machine.ProviderId} runs and is about to join grid {grid.View.GridName}.", Again);
        return new NodeStep.Wait("NotInGrid", $"The Master has no node {grid.Name} in grid {grid.View.GridName}: it was removed there, and its agent is refused. Delete this node to have it replaced.", Again, NeedsHuman: true);
    }

    private static NodeStep Joining(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry)
    {
        var since = machine.CreatedAt ?? seen.Spec.Attempt?.OpenedAt ?? seen.Now;
        var left = since + grid.JoinDeadline - seen.Now;
        if (left > TimeSpan.Zero && !JoinDiagnosis.IsKnown(grid, entry))
            return new NodeStep.Wait(NodeReasons.Joining, $"The machine {machine.ProviderId} runs; waiting until {entry.Name} connects to grid {grid.View.GridName}.", left < Again ? left : Again) { AsksHealth = true };
        // What was confirmed when the entry was made may have been changed there since; asked again after each deadline's time.
        var isStale = !(grid.Trace.ConfirmedAt + grid.JoinDeadline > seen.Now);
        if (isStale && grid.Trace is { ForeignAt: null, HasToken: true } && grid.View.Trouble is null && grid.Troubled(seen.Now, "") is null) return new NodeStep.VerifyEntry(grid.Name);
        return Diagnosed(seen, grid, machine, entry);
    }

    private static NodeStep.Wait Diagnosed(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry)
    {
        var (reason, message) = JoinDiagnosis.Of(seen, grid, machine, entry);
        return new NodeStep.Wait(reason, message, Again, NeedsHuman: true) { AsksHealth = true };
    }

    private static NodeStep.Wait Connecting(NodeSeen seen, EntrySeen grid, Machine machine, MasterNode entry)
    {
        if (!(entry.ConnectedAt + ReportsWithin < seen.Now))
            return new NodeStep.Wait(NodeReasons.Joining, $"The agent of {entry.Name} is connected; waiting until it tells about its machine.", Again);
        return new NodeStep.Wait("NotReporting", $"The agent of {entry.Name} is connected and does not tell about its machine. Usually Docker does not answer, or the peer interface has no address (kontena/kontena#1165). Look at: journalctl -u kontena-agent -u docker, on {Where(machine)}.", Again, NeedsHuman: true);
    }

    private static NodeStep.Wait Offline(NodeSeen seen, EntrySeen grid, MasterNode entry)
    {
        var since = entry.DisconnectedAt is { } at ? $" since {at:yyyy-MM-ddTHH:mm:ssZ}" : "";
        return new NodeStep.Wait("AgentOffline", $"The agent of {entry.Name} is not connected to the Master{since}; its services are started elsewhere after a while.{Said(grid)}{Forgotten(seen, entry)}", Again) { AsksHealth = true };
    }

    /// <summary>The Master keeps no word of such a refusal, so it cannot be told from others (kontena server/app/middlewares/websocket_backend.rb).</summary>
    private static string Forgotten(NodeSeen seen, MasterNode entry) => seen.Spec.Identity is IdentityMode.Engine && entry.NodeId is { } id
        ? $" Where its machine was rebooted and its Docker has another id than {id} since (docker info), the Master refuses it without a word (code 4003): delete this node, and keep Docker's files on the disk or set spec.identity.mode: Pinned."
        : "";

    private static NodeStep.Wait Online(NodeSeen seen, EntrySeen grid, MasterNode entry)
    {
        grid.View.Health.TryGetValue(entry.Name, out var health);
        // What was said while it was not connected tells nothing of a node that is online.
        if (health is { EtcdHealthy: null, Trouble: { } said } && said.StartsWith("Websocket ", StringComparison.Ordinal)) health = null;
        if (grid.JoinedAt is null && health is null)
            return new NodeStep.Wait(NodeReasons.Joining, $"{entry.Name} is online; asking for its health.", Again) { AsksHealth = true };
        if (health is { EtcdHealthy: false } || (grid.JoinedAt is null && health is { IsHealthy: false }))
            return new NodeStep.Wait("EtcdUnhealthy", $"{entry.Name} is online, but {(entry.InitialMember ? "its etcd member" : "its way to the grid's etcd")} does not work{(health.Trouble is { } trouble ? $": {trouble}" : "")}. It often mends itself within a minute; else look at: docker logs kontena-etcd.", Again) { AsksHealth = true };
        if (Shut(seen, grid, entry) is { } shut) return shut;
        var drained = entry.Status == MasterNodeStatus.Drain ? " It is drained and takes no new services (kontena node availability)." : "";
        return new NodeStep.Wait(NodeReasons.Online, $"{entry.Name} is online in grid {grid.View.GridName}.{drained}") { Ready = true };
    }

    /// <summary>The agent talks to its Master, but the overlay does not reach the other members, or not as the pool asks for. What is not known again after a start keeps no node that has joined from being ready.</summary>
    private static NodeStep.Wait? Shut(NodeSeen seen, EntrySeen grid, MasterNode entry)
    {
        if (seen.WaysIn is not { } ways) return null;
        if (ways.Ports is { OverlayOpen: false } ports)
            return new NodeStep.Wait(ports.Reason, $"{entry.Name} is online, but other members of the grid do not reach it. {ports.Message}", Again, NeedsHuman: !ways.IsManaged);
        if (grid.JoinedAt is null && (ways.Ports is null || ways.Ipsec is null))
            return new NodeStep.Wait(NodeReasons.Joining, $"{entry.Name} is online; waiting until the rules of its firewalls are read.", Again) { ForListing = seen.Spec.ProviderID is { } id && seen.Sight.ById(id) is null };
        if (ways.Ipsec is { BlocksReady: true } ipsec && (ipsec.Status != ConditionStatus.Unknown || grid.JoinedAt is null))
            return new NodeStep.Wait(ipsec.Reason, $"{entry.Name} is online, but IPSec is required and cannot work. {ipsec.Message}", Again, NeedsHuman: ipsec.Status != ConditionStatus.Unknown && !(ways.IsManaged && ipsec.IsOfRules));
        return null;
    }

    private static string Said(EntrySeen grid) =>
        grid.View.Health.GetValueOrDefault(grid.Name)?.Trouble is { } trouble ? $" The Master says: {trouble}" : "";

    private static string Where(Machine machine) => machine.Addresses.Count > 0 ? machine.Addresses[0] : machine.ProviderId;
}
