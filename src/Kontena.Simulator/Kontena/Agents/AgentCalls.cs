using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;
using Kontena.Simulator.Kontena.Rest;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>What agents call at the Master (kontena server/app/services/rpc/node_handler.rb): of all calls only those about the node itself.</summary>
internal sealed class AgentCalls(MasterDatabase database)
{
    /// <summary>Carries out a request or a notification of an agent of that grid; the answer's error or result.</summary>
    public (JsonNode? Error, JsonNode? Result) Call(string grid, string method, JsonArray parameters)
    {
        if (method is not ("/nodes/update" or "/nodes/get" or "/nodes/stats")) return (Fault(501, "service not implemented"), null);
        if (parameters is not [JsonValue first, ..] || !first.TryGetValue(out string? nodeId)) return (Fault(500, "node id is missing"), null);
        return database.Look<(JsonNode?, JsonNode?)>(_ =>
        {
            if (database.FindGrid(grid)?.WithId(nodeId) is not { } node) return (Fault(500, $"Missing HostNode: {nodeId}"), null);
            if (method == "/nodes/get") return (null, NodeJson.ForAgent(node));
            if (method == "/nodes/update" && parameters is [_, JsonObject docker, ..]) database.Connections.Update(node, Docker(docker));
            return (null, true);
        });
    }

    private static JsonObject Fault(int code, string message) => new() { ["code"] = code, ["message"] = message };

    private static DockerInfo Docker(JsonObject info) => new()
    {
        Name = Text(info["Name"]),
        OperatingSystem = Text(info["OperatingSystem"]),
        DockerRootDir = Text(info["DockerRootDir"]),
        Driver = Text(info["Driver"]),
        KernelVersion = Text(info["KernelVersion"]),
        ServerVersion = Text(info["ServerVersion"]),
        AgentVersion = Text(info["AgentVersion"]),
        PublicIp = Text(info["PublicIp"]),
        PrivateIp = Text(info["PrivateIp"]),
        MemTotal = Whole(info["MemTotal"]),
        MemLimit = Whole(info["MemoryLimit"]),
        Cpus = Whole(info["NCPU"]),
        Labels = [.. Items(info["Labels"]).Select(Text).OfType<string>()],
        VolumeDrivers = Drivers(info["Drivers"] as JsonObject, "Volume"),
        NetworkDrivers = Drivers(info["Drivers"] as JsonObject, "Network"),
    };

    private static IReadOnlyList<DockerDriver> Drivers(JsonObject? drivers, string kind) => [.. Items(drivers?[kind]).OfType<JsonObject>()
        .Select(d => new DockerDriver(Text(d["name"]) ?? "", Text(d["version"])))];

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? [];

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>Docker says true where the Master keeps 1.</summary>
    private static long? Whole(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when node.AsValue().TryGetValue(out long whole) => whole,
        _ => null,
    };
}
