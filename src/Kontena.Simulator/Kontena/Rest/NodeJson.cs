using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>A node as the API shows it (kontena server/app/views/v1/host_nodes). The grid token is in it, as it is at the real Master.</summary>
internal static class NodeJson
{
    public static JsonObject Of(HostNode node, MasterVersion version) => new(Identity(node, version).Concat(Facts(node)).Concat(Place(node)));

    /// <summary>What differs between versions.</summary>
    private static List<KeyValuePair<string, JsonNode?>> Identity(HostNode node, MasterVersion version)
    {
        JsonObject shown = version.HasNodeTokens ? new JsonObject
        {
            ["id"] = $"{node.Grid.Name}/{node}",
            ["node_id"] = node.NodeId,
            ["connected"] = node.Connected,
            ["updated"] = node.Connected && node.Updated,
            ["availability"] = node.Availability,
            ["created_at"] = RubyTime.Json(node.CreatedAt),
            ["updated_at"] = RubyTime.Json(node.UpdatedAt),
            ["connected_at"] = RubyTime.Json(node.ConnectedAt),
            ["last_seen_at"] = RubyTime.Json(node.LastSeenAt),
            ["disconnected_at"] = RubyTime.Json(node.DisconnectedAt),
            ["status"] = StatusName(node.Status),
            ["has_token"] = node.Token is not null,
        } : new JsonObject
        {
            ["id"] = node.NodeId,
            ["connected"] = node.Connected,
            ["created_at"] = RubyTime.Json(node.CreatedAt),
            ["updated_at"] = RubyTime.Json(node.UpdatedAt),
            ["last_seen_at"] = RubyTime.Json(node.LastSeenAt),
        };
        return Detached(shown);
    }

    private static List<KeyValuePair<string, JsonNode?>> Facts(HostNode node) => Detached(new JsonObject
    {
        ["name"] = node.Name ?? "(initializing)",
        ["os"] = node.Docker.OperatingSystem,
        ["engine_root_dir"] = node.Docker.DockerRootDir,
        ["driver"] = node.Docker.Driver,
        ["network_drivers"] = Drivers(node.Docker.NetworkDrivers),
        ["volume_drivers"] = Drivers(node.Docker.VolumeDrivers),
        ["kernel_version"] = node.Docker.KernelVersion,
        ["labels"] = Strings(node.Labels),
        ["mem_total"] = node.Docker.MemTotal,
        ["mem_limit"] = node.Docker.MemLimit,
        ["cpus"] = node.Docker.Cpus,
        ["public_ip"] = node.Docker.PublicIp,
        ["private_ip"] = node.Docker.PrivateIp,
    });

    private static List<KeyValuePair<string, JsonNode?>> Place(HostNode node) => Detached(new JsonObject
    {
        ["overlay_ip"] = node.Grid.OverlayIp(node),
        ["agent_version"] = node.AgentVersion,
        ["docker_version"] = node.Docker.ServerVersion,
        ["peer_ips"] = Strings(node.Grid.PeerIps(node)),
        ["node_number"] = node.Number,
        ["initial_member"] = node.InitialMember,
        ["grid"] = GridJson.Within(node.Grid, withToken: true),
        ["resource_usage"] = new JsonObject(),
    });

    /// <summary>What the agent is told about its node: never a token (kontena server/app/serializers/rpc).</summary>
    public static JsonObject ForAgent(HostNode node) => new()
    {
        ["id"] = node.NodeId,
        ["created_at"] = RubyTime.Text(node.CreatedAt),
        ["updated_at"] = RubyTime.Text(node.UpdatedAt),
        ["name"] = node.Name,
        ["labels"] = Strings(node.Labels),
        ["overlay_ip"] = node.Grid.OverlayIp(node),
        ["peer_ips"] = Strings(node.Grid.PeerIps(node)),
        ["node_number"] = node.Number,
        ["initial_member"] = node.InitialMember,
        ["grid"] = GridJson.Within(node.Grid, withToken: false),
    };

    public static string StatusName(HostNodeStatus status) => status switch
    {
        HostNodeStatus.Created => "created",
        HostNodeStatus.Offline => "offline",
        HostNodeStatus.Connecting => "connecting",
        HostNodeStatus.Drain => "drain",
        HostNodeStatus.Online => "online",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];

    private static JsonArray Drivers(IEnumerable<DockerDriver> drivers) => [.. drivers.Select(d => new JsonObject { ["name"] = d.Name, ["version"] = d.Version })];

    /// <summary>A node of JSON has one parent: the parts are taken out before they go into the whole.</summary>
    private static List<KeyValuePair<string, JsonNode?>> Detached(JsonObject part)
    {
        var fields = part.ToList();
        part.Clear();
        return fields;
    }
}
