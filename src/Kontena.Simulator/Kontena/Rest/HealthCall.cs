using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Agents;
using Kontena.Simulator.Kontena.Database;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary><c>GET …/health</c>: asks the connected agent about etcd (kontena server/app/mutations/host_nodes/health_check.rb).</summary>
internal sealed class HealthCall(MasterDatabase database, MasterOptions options, Func<string, string, TimeSpan, CancellationToken, Task<RpcOutcome>> ask)
{
    public async ValueTask<RestAnswer> AnswerAsync(AccessToken? user, string grid, string name, CancellationToken ct)
    {
        var (key, nodeId, error) = database.Look(_ =>
        {
            var node = database.Node(user, grid, name);
            return (node.Key, node.NodeId, WebsocketError(node));
        });
        if (error is not null && database.Version.HasNodeTokens) throw RestRefusal.Invalid("connection", error);
        var outcome = nodeId is null || error is not null ? new RpcOutcome.TimedOut() : await ask(nodeId, "/etcd/health", options.RpcTimeout, ct);
        return database.Look(_ => Answer(database.Nodes_NeedsLock.FirstOrDefault(n => n.Key == key) ?? throw RestRefusal.NotFound(), outcome));
    }

    private RestAnswer Answer(HostNode node, RpcOutcome outcome)
    {
        switch (outcome)
        {
            case RpcOutcome.Answered answered:
                var health = (answered.Result as JsonObject)?["health"];
                database.Connections.EtcdAnswered(node, health is JsonValue value && value.TryGetValue(out bool healthy) ? healthy : null);
                return RestAnswer.Ok(Shown(node, health, (answered.Result as JsonObject)?["error"]));
            case RpcOutcome.Failed failed:
                return RestAnswer.Json(500, new JsonObject { ["code"] = failed.Code, ["message"] = failed.Message, ["backtrace"] = null }, "rpc_error");
            default:
                var timeout = string.Create(CultureInfo.InvariantCulture, $"Connection timeout ({options.RpcTimeout.TotalSeconds:0.###}s)");
                // 1.3 answers 200 with the error, for an offline node too.
                return database.Version.HasNodeTokens ? throw RestRefusal.Invalid("etcd_health", timeout) : RestAnswer.Ok(Shown(node, null, timeout));
        }
    }

    private JsonObject Shown(HostNode node, JsonNode? health, JsonNode? error)
    {
        var shown = new JsonObject
        {
            ["id"] = database.Version.HasNodeTokens ? $"{node.Grid.Name}/{node}" : node.NodeId,
            ["name"] = node.Name,
            ["node_number"] = node.Number,
            ["initial_member"] = node.InitialMember,
            ["connected"] = node.Connected,
            ["etcd_health"] = new JsonObject { ["health"] = health?.DeepClone(), ["error"] = error?.DeepClone() },
        };
        if (!database.Version.HasNodeTokens) return shown;
        shown["status"] = NodeJson.StatusName(node.Status);
        shown["connected_at"] = RubyTime.Json(node.ConnectedAt);
        shown["disconnected_at"] = RubyTime.Json(node.DisconnectedAt);
        return shown;
    }

    /// <summary>Why the node is not connected; null where it is (kontena server/app/models/host_node.rb).</summary>
    private static string? WebsocketError(HostNode node) => (node.Connected, node.Connection) switch
    {
        (true, _) => null,
        (_, null) => "Websocket is not connected",
        (_, { Opened: false } refused) => $"Websocket connection rejected at {RubyTime.Text(node.ConnectedAt)} with code {refused.CloseCode}: {refused.CloseReason}",
        (_, var ended) => $"Websocket disconnected at {RubyTime.Text(node.DisconnectedAt)} with code {ended.CloseCode}: {ended.CloseReason}",
    };
}
