using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kontena.TestKit;
using MessagePack;

namespace Kontena.Simulator.Tests.Kontena;

/// <summary>What an agent sends in its handshake. Null leaves a header out; empty sends it empty.</summary>
internal sealed record AgentHeaders
{
    public string? NodeId { get; init; }

    public string? NodeName { get; init; }

    public string Version { get; init; } = "1.5.4";

    public string Labels { get; init; } = "";

    public string? GridToken { get; init; }

    public string? NodeToken { get; init; }

    /// <summary>How far the agent's clock is ahead.</summary>
    public TimeSpan Skew { get; init; }

    public override string ToString() => $"{NodeName} {NodeId}";
}

/// <summary>The least of an agent that joins: the handshake, the messages, the answer about etcd. It shares no code with the Master.</summary>
internal sealed class AgentOfTests : IAsyncDisposable
{
    private readonly ClientWebSocket socket;
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentQueue<JsonArray> received = new();
    private readonly TaskCompletionSource<(int, string)> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string nodeId;
    private Task reading = Task.CompletedTask;

    private AgentOfTests(ClientWebSocket socket, string nodeId) => (this.socket, this.nodeId) = (socket, nodeId);

    /// <summary>What it says about etcd; null: it does not answer.</summary>
    public JsonObject? EtcdHealth { get; set; } = new() { ["health"] = true };

    public string PrivateIp { get; set; } = "10.0.0.1";

    public IReadOnlyList<string> EngineLabels { get; set; } = [];

    /// <summary>How the Master closed the connection; 1006 where it was cut.</summary>
    public Task<(int Code, string Reason)> Closed => closed.Task;

    /// <summary>The methods that the Master called, in order.</summary>
    public IEnumerable<string> Called => received.Where(f => f[0]!.GetValue<int>() != 1).Select(f => f[f.Count == 3 ? 1 : 2]!.ToString());

    public JsonArray? Last(string method) => received.LastOrDefault(f => f.Count == 3 && f[1]!.ToString() == method);

    public string? HandshakeVersion { get; private init; }

    public static async Task<AgentOfTests> ConnectAsync(Uri master, AgentHeaders headers, bool frozen = false)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        foreach (var (name, value) in Headers(headers)) socket.Options.SetRequestHeader(name, value);
        await socket.ConnectAsync(new UriBuilder(master) { Scheme = "ws" }.Uri, CancellationToken.None);
        var agent = new AgentOfTests(socket, headers.NodeId ?? "") { HandshakeVersion = socket.HttpResponseHeaders!["Kontena-Version"].Single() };
        if (!frozen) agent.Thaw();
        return agent;
    }

    /// <summary>Begins to read, and with that to answer pings.</summary>
    public void Thaw() => reading = ReadAsync();

    public Task WaitForAsync(string method) =>
        Eventually.HoldsAsync(() => Task.FromResult(Called.Contains(method)), $"the Master calls {method}", TimeSpan.FromSeconds(10), CancellationToken.None);

    /// <summary>Tells the Master about the host, as a joined agent does first, and waits until that was heard.</summary>
    public async Task UpdateAsync()
    {
        await WaitForAsync("/agent/node_info");
        var docker = new JsonObject
        {
            ["ID"] = nodeId,
            ["Name"] = "host-" + nodeId[..4],
            ["OperatingSystem"] = "Flatcar",
            ["MemoryLimit"] = true,
            ["MemTotal"] = 2_000_000_000L,
            ["NCPU"] = 2,
            ["ServerVersion"] = "20.10.24",
            ["AgentVersion"] = "1.5.4",
            [nameof(PrivateIp)] = PrivateIp,
            ["PublicIp"] = "198.51.100.1",
            ["Labels"] = new JsonArray([.. EngineLabels.Select(l => (JsonNode)l)]),
            ["Drivers"] = new JsonObject { ["Volume"] = new JsonArray(new JsonObject { ["name"] = "local" }), ["Network"] = new JsonArray() },
        };
        Assert.That((await AskAsync(7, "/nodes/update", nodeId, docker))[2], Is.Null);
    }

    public async Task<JsonArray> AskAsync(int id, string method, params JsonNode[] parameters)
    {
        await SendAsync(new JsonArray(0, id, method, new JsonArray(parameters)));
        JsonArray? answer = null;
        await Eventually.HoldsAsync(() => Task.FromResult((answer = received.FirstOrDefault(f => f[0]!.GetValue<int>() == 1 && f[1]!.GetValue<int>() == id)) is not null),
            $"the Master answers {method}", TimeSpan.FromSeconds(10), CancellationToken.None);
        return answer!;
    }

    public Task SendAsync(JsonArray message) => SendAsync(MessagePackSerializer.ConvertFromJson(message.ToJsonString()));

    public Task SendAsync(byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);

    /// <summary>Cuts the connection below the WebSocket.</summary>
    public void Abort() => socket.Abort();

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "Terminated", CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await reading;
        socket.Dispose();
        ended.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), ended.Token);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    closed.TrySetResult(((int)socket.CloseStatus!, socket.CloseStatusDescription ?? ""));
                    if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", ended.Token);
                    return;
                }
                var frame = (JsonArray)JsonNode.Parse(MessagePackSerializer.ConvertToJson(buffer.AsMemory(0, read.Count)))!;
                received.Enqueue(frame);
                if (frame is [_, { } id, { } method, JsonArray] && method.ToString() == "/etcd/health" && EtcdHealth is { } health)
                    await SendAsync(new JsonArray(1, id.GetValue<int>(), null, health.DeepClone()));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            closed.TrySetResult((1006, ""));
        }
    }

    private static IEnumerable<(string, string)> Headers(AgentHeaders headers)
    {
        var connectedAt = TimeProvider.System.GetUtcNow() + headers.Skew;
        (string Name, string? Value)[] all =
        [
            ("Kontena-Node-Id", headers.NodeId), ("Kontena-Node-Name", headers.NodeName), ("Kontena-Version", headers.Version),
            ("Kontena-Node-Labels", headers.Labels), ("Kontena-Grid-Token", headers.GridToken), ("Kontena-Node-Token", headers.NodeToken),
            ("Kontena-Connected-At", connectedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture)),
        ];
        return all.Where(h => h.Value is not null).Select(h => (h.Name, h.Value!));
    }
}
