using System.Globalization;
using Kontena.Simulator.Kontena.Database;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>
/// Who is let in, in the order of kontena server/app/middlewares/websocket_backend.rb: version, headers, token and node, clock. Of all refusals only the last leaves
/// something at the node.
/// </summary>
internal sealed class AgentGate(MasterDatabase database, MasterOptions options, ILogger log)
{
    public AgentVerdict Admit(AgentHello hello) => database.Look(now =>
    {
        HostNode? node = null;
        try
        {
            CheckVersion(hello);
            node = FindNode(hello);
            return new AgentVerdict.Admitted(node, CheckClock(hello, now));
        }
        catch (CloseError refusal)
        {
            database.History.Reject(hello.NodeId, hello.NodeName, refusal.Code, refusal.Message);
            log.LogWarning("Agent {Agent} is refused with {Code}: {Reason}", hello, refusal.Code, refusal.Message);
            // A time in the future would keep the agent from connecting with the right one later.
            if (node is not null) database.Connections.Reject(node, hello.ConnectedAt is { } at && at <= now ? at : now, refusal.Code, refusal.Message);
            return (AgentVerdict)new AgentVerdict.Refused(refusal.Code, refusal.Message);
        }
        catch (DatabaseFailure failure)
        {
            database.History.Reject(hello.NodeId, hello.NodeName, 0, failure.Message);
            log.LogError("Agent {Agent} is left alone: {Problem}", hello, failure.Message);
            return new AgentVerdict.Ignored();
        }
    });

    private MasterVersion Version => database.Version;

    private void CheckVersion(AgentHello hello)
    {
        if (!Version.Admits(hello.Version))
            throw new CloseError(4010, $"agent version {hello.Version} is not compatible with server version {Version.Text}");
    }

    private HostNode FindNode(AgentHello hello)
    {
        if (!Version.HasNodeTokens) return ByGridToken(hello, hello.NodeId ?? throw new DatabaseFailure("There is no Kontena-Node-ID."), name: null);
        if (hello.NodeId is not { Length: > 0 } nodeId) throw new CloseError(4000, "Missing Kontena-Node-ID");
        if (hello.NodeName is not { Length: > 0 } name) throw new CloseError(4000, "Missing Kontena-Node-Name");
        if (hello.GridToken is not null) return ByGridToken(hello, nodeId, name);
        return hello.NodeToken is not null ? ByNodeToken(hello, nodeId) : throw new CloseError(4004, "Missing token");
    }

    private HostNode ByGridToken(AgentHello hello, string nodeId, string? name)
    {
        var grid = database.Grids_NeedsLock.FirstOrDefault(g => g.Token == hello.GridToken) ?? throw new CloseError(4001, "Invalid grid token");
        if (grid.WithId(nodeId) is { } known)
            return known.Token is null ? known : throw new CloseError(4005, "Invalid grid token, node was created using a node token");
        var node = database.AddNode(grid, name, NodeOrigin.Agent, nodeId, renameOnClash: true);
        (node.Labels, node.AgentVersion) = (hello.Labels, hello.Version);
        return node;
    }

    private HostNode ByNodeToken(AgentHello hello, string nodeId)
    {
        var node = database.Nodes_NeedsLock.FirstOrDefault(n => n.Token == hello.NodeToken) ?? throw new CloseError(4002, "Invalid node token");
        var holder = database.Nodes_NeedsLock.FirstOrDefault(n => n.NodeId == nodeId);
        if (holder is not null && holder != node) throw new CloseError(4006, "Invalid node ID, already used by a different node");
        if (holder == node) return node;
        if (node.NodeId is not null) throw new CloseError(4003, "Invalid node token, already used by a different node");
        node.NodeId = nodeId;
        node.AgentVersion = hello.Version;
        node.Labels = Version.AddsLabels ? [.. node.Labels.Union(hello.Labels)] : hello.Labels;
        return node;
    }

    /// <summary>The agent's time is held against the Master's own clock, which may be the one that is wrong.</summary>
    private DateTimeOffset CheckClock(AgentHello hello, DateTimeOffset now)
    {
        if (!Version.ChecksClock) return now;
        var connectedAt = hello.ConnectedAt ?? throw new DatabaseFailure("Kontena-Connected-At is no time.");
        var offset = now - connectedAt;
        var seconds = offset.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
        if (offset > options.PingTimeout + options.ClockSkew)
            throw new CloseError(4020, $"agent connected too far in the past, clock offset {seconds}s exceeds threshold");
        if (offset < -options.ClockSkew)
            throw new CloseError(4020, $"agent connected too far in the future, clock offset {seconds}s exceeds threshold");
        return connectedAt;
    }
}
