namespace Kontena.Simulator.Kontena.Database;

/// <summary>
/// What the coming and going of agents does to their nodes (kontena server/app/services/agent/node_plugger.rb, node_unplugger.rb). A node belongs to the connection whose
/// <c>connected_at</c> it has; an older one can neither take it nor mark it. Call under the database's lock.
/// </summary>
internal sealed class NodeConnections(MasterDatabase database, MasterClock clock)
{
    /// <summary>False where a newer connection has the node.</summary>
    public bool Plug(HostNode node, DateTimeOffset connectedAt)
    {
        if (node.ConnectedAt >= connectedAt) return false;
        (node.Connected, node.Updated, node.ConnectedAt, node.LastSeenAt) = (true, false, connectedAt, clock.GetUtcNow());
        node.Connection = new WebsocketConnection(Opened: true);
        Changed(node, NodeEventKind.Connected, null);
        return true;
    }

    public void Reject(HostNode node, DateTimeOffset connectedAt, int code, string reason)
    {
        if (node.ConnectedAt >= connectedAt) return;
        (node.Connected, node.Updated, node.ConnectedAt) = (false, false, connectedAt);
        node.Connection = new WebsocketConnection(Opened: false, code, reason);
        Changed(node, NodeEventKind.Rejected, $"{code}: {reason}");
    }

    public void Unplug(HostNode node, DateTimeOffset connectedAt, int code, string reason)
    {
        if (node.ConnectedAt != connectedAt) return;
        (node.Connected, node.Updated, node.DisconnectedAt) = (false, false, clock.GetUtcNow());
        node.Connection = new WebsocketConnection(Opened: true, code, reason);
        Changed(node, NodeEventKind.Disconnected, $"{code}: {reason}");
    }

    /// <summary>Marks it without closing anything: its socket, if it has one, is closed with 4031 at the next keepalive.</summary>
    public void GiveUp(HostNode node, string why)
    {
        if (!node.Connected) return;
        (node.Connected, node.Updated) = (false, false);
        Changed(node, NodeEventKind.Disconnected, why);
    }

    /// <summary>The agent told about its host. Labels come from the Docker engine only while the node has none.</summary>
    public void Update(HostNode node, DockerInfo docker)
    {
        node.Docker = docker;
        node.AgentVersion = docker.AgentVersion ?? node.AgentVersion;
        node.UpdatedAt = clock.GetUtcNow();
        if (node.Labels.Count == 0) node.Labels = docker.Labels;
        if (node.Name is null && docker.Name is { } name) node.Name = node.Grid.Named(name) is null ? name : $"{name}-{node.Number}";
        var first = !node.Updated;
        node.Updated = true;
        if (first) Changed(node, NodeEventKind.Updated, docker.PrivateIp);
        database.Scheduler.PlaceHomeless(node.Grid);
    }

    public void EtcdAnswered(HostNode node, bool? healthy)
    {
        node.EtcdHealth = healthy;
        database.History.Sample(node.Grid);
    }

    private void Changed(HostNode node, NodeEventKind kind, string? detail)
    {
        node.Tell(kind, clock.Simulated, detail);
        database.History.Sample(node.Grid);
    }
}
