using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>
/// From the Master's documents to ours (kontena server/app/views/v1/*.json.jbuilder). Most fields of a node are null until its agent has told;
/// those that 1.2 and 1.3 lack are derived. The grid's token, which stands in every node, is hashed on the spot and goes no further.
/// </summary>
internal static class MasterDocuments
{
    /// <summary>16 hex characters that tell one grid from another; the token cannot be found from them.</summary>
    public static string Fingerprint(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..16];

    /// <returns>Null where the document is no grid.</returns>
    public static MasterGrid? Grid(JsonElement grid)
    {
        if (Text(grid, "name") is not { } name || Text(grid, "token") is not { Length: > 0 } token || Number(grid, "initial_size") is not { } size) return null;
        return new MasterGrid
        {
            Name = name,
            InitialSize = size,
            Subnet = Text(grid, "subnet") ?? "10.81.0.0/16", // before 1.2 it could not be chosen
            Supernet = Text(grid, "supernet"),
            TrustedSubnets = Texts(grid, "trusted_subnets"),
            Fingerprint = Fingerprint(token),
            Token = new SecretText(token),
        };
    }

    /// <returns>Null where it is no list of nodes.</returns>
    public static MasterListing? Nodes(JsonElement document, DateTimeOffset begunAt)
    {
        if (!document.TryGetProperty("nodes", out var list) || list.ValueKind != JsonValueKind.Array) return null;
        var nodes = new List<MasterNode>(list.GetArrayLength());
        string? fingerprint = null;
        foreach (var entry in list.EnumerateArray())
        {
            if (Node(entry) is not { } node) return null;
            nodes.Add(node);
            fingerprint ??= FingerprintIn(entry);
        }
        return new MasterListing(begunAt, nodes) { Fingerprint = fingerprint };
    }

    /// <returns>Null where the document is no node.</returns>
    public static MasterNode? Node(JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.Object || Text(node, "id") is not { } id) return null;
        // 1.3 and older: the id is Docker's, the name comes with the agent's first report, and of the status there is only "connected".
        var isOld = !node.TryGetProperty("status", out _);
        var connected = Flag(node, "connected");
        var number = Number(node, "node_number") ?? 0;
        return new MasterNode
        {
            Name = Text(node, "name") ?? "(initializing)",
            NodeId = isOld ? id : Text(node, "node_id"),
            Status = isOld ? connected ? MasterNodeStatus.Online : MasterNodeStatus.Offline : StatusOf(Text(node, "status")),
            Connected = connected,
            HasToken = Flag(node, "has_token"),
            Draining = Text(node, "availability") == "drain",
            Labels = Texts(node, "labels"),
            Number = number,
            InitialMember = node.TryGetProperty("initial_member", out _) ? Flag(node, "initial_member") : number > 0 && number <= (GridOf(node) is { } grid ? Number(grid, "initial_size") : 0),
            PublicIp = Text(node, "public_ip"),
            PrivateIp = Text(node, "private_ip"),
            OverlayIp = Text(node, "overlay_ip"),
            AgentVersion = Text(node, "agent_version"),
            DockerVersion = Text(node, "docker_version"),
            CreatedAt = Time(node, "created_at"),
            ConnectedAt = Time(node, "connected_at"),
            DisconnectedAt = Time(node, "disconnected_at"),
        };
    }

    /// <summary>Containers of services per node, whoever placed them.</summary>
    /// <returns>Null where it is no list of containers.</returns>
    public static IReadOnlyDictionary<string, int>? Containers(JsonElement document)
    {
        if (!document.TryGetProperty("containers", out var list) || list.ValueKind != JsonValueKind.Array) return null;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var container in list.EnumerateArray())
        {
            if (Text(container, "service_id") is null || !container.TryGetProperty("node", out var node) || Text(node, "name") is not { } name) continue;
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }
        return counts;
    }

    /// <summary>The answer of <c>health</c> where the agent was asked.</summary>
    public static NodeHealth Health(JsonElement document)
    {
        if (!document.TryGetProperty("etcd_health", out var etcd) || etcd.ValueKind != JsonValueKind.Object) return new NodeHealth(null, null);
        return new NodeHealth(etcd.TryGetProperty("health", out var health) ? health.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null } : null, null);
    }

    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static MasterNodeStatus StatusOf(string? word) => word switch
    {
        "created" => MasterNodeStatus.Created,
        "offline" => MasterNodeStatus.Offline,
        "connecting" => MasterNodeStatus.Connecting,
        "online" => MasterNodeStatus.Online,
        "drain" => MasterNodeStatus.Drain,
        _ => MasterNodeStatus.Unrecognised,
    };

    private static string? FingerprintIn(JsonElement node) => GridOf(node) is { } grid && Text(grid, "token") is { Length: > 0 } token ? Fingerprint(token) : null;

    private static JsonElement? GridOf(JsonElement node) => node.TryGetProperty("grid", out var grid) && grid.ValueKind == JsonValueKind.Object ? grid : null;

    // The API's documentation shows "connected" as a text, the server sends a boolean.
    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.GetString() == "true"));

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static IReadOnlyList<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)]
            : [];

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
