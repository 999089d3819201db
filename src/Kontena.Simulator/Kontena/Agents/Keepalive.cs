using System.Globalization;
using Kontena.Simulator.Kontena.Database;
using Kontena.Simulator.Kontena.Rest;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>Pings every agent, and decides at its pong whether it may stay: the only moment at which the Master notices that a node is removed or taken over.</summary>
internal sealed class Keepalive : IDisposable
{
    private readonly MasterDatabase database;
    private readonly Func<IReadOnlyList<AgentClient>> clients;
    private readonly Action<AgentClient, int, string> drop;
    private readonly TimeSpan timeout;
    private readonly ITimer timer;

    /// <param name="drop">Forgets the client and unplugs its node, before its connection has ended.</param>
    public Keepalive(
        MasterDatabase database, MasterOptions options, MasterClock clock, Func<IReadOnlyList<AgentClient>> clients, Action<AgentClient, int, string> drop)
    {
        (this.database, this.clients, this.drop, timeout) = (database, clients, drop, options.PingTimeout);
        timer = clock.CreateTimer(_ => PingAll(), null, options.KeepaliveInterval, options.KeepaliveInterval);
    }

    public void Dispose() => timer.Dispose();

    private void PingAll()
    {
        foreach (var client in clients())
            client.Connection.Ping(timeout, _ => Judge(client),
                delay => Close(client, 4030, string.Create(CultureInfo.InvariantCulture, $"ping timeout after {delay.TotalSeconds:F2}s")));
    }

    private void Judge(AgentClient client)
    {
        if (database.Look(now => Verdict(client, now)) is { } verdict) Close(client, verdict.Code, verdict.Reason);
    }

    /// <summary>Why the client must go; null where it may stay, and was seen.</summary>
    private (int Code, string Reason)? Verdict(AgentClient client, DateTimeOffset now)
    {
        var node = database.Nodes_NeedsLock.FirstOrDefault(n => n.Key == client.NodeKey);
        if (node is null) return (4040, $"host node {client.NodeId} has been removed");
        if (node.ConnectedAt != client.ConnectedAt)
            return (4041, $"host node {node} connection conflict with new connection at {RubyTime.Text(node.ConnectedAt)}");
        node.LastSeenAt = now;
        return node.Connected ? null : (4031, $"host node {node} has been disconnected");
    }

    private void Close(AgentClient client, int code, string reason)
    {
        database.Look(_ =>
        {
            database.History.Close(client.Grid, client.NodeId, client.Name, code, reason);
            return true;
        });
        drop(client, code, reason);
        client.Connection.Close(code, reason);
    }
}
