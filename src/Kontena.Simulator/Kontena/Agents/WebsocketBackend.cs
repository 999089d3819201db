using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kontena.Simulator.Kontena.Database;
using Kontena.Simulator.Kontena.Rest;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>The agents' side of the Master: lets them in, listens to them, asks them (kontena server/app/middlewares/websocket_backend.rb). One for each life of the Master.</summary>
internal sealed class WebsocketBackend : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<AgentClient> clients = [];
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonArray>> questions = new();
    private readonly MasterDatabase database;
    private readonly MasterClock clock;
    private readonly AgentGate admission;
    private readonly AgentCalls calls;
    private readonly Keepalive keepalive;
    private readonly ILogger log;
    private long lastQuestion;
    private bool gone;

    public WebsocketBackend(MasterDatabase database, MasterOptions options, MasterClock clock, ILogger log)
    {
        (this.database, this.clock, this.log) = (database, clock, log);
        admission = new AgentGate(database, options, log);
        calls = new AgentCalls(database);
        keepalive = new Keepalive(database, options, clock, () => Clients, Drop);
    }

    private IReadOnlyList<AgentClient> Clients
    {
        get { lock (gate) return [.. clients]; }
    }

    /// <summary>Runs one agent's connection to its end.</summary>
    /// <param name="decided">Called with the close code that it is refused with, or null where it is let in.</param>
    public async Task ServeAsync(AgentConnection connection, AgentHello hello, Action<int?> decided, CancellationToken ct)
    {
        var verdict = admission.Admit(hello);
        decided(verdict is AgentVerdict.Refused { Code: var code } ? code : null);
        var client = verdict is AgentVerdict.Admitted admitted ? Plug(connection, admitted) : null;
        if (verdict is AgentVerdict.Refused refused)
        {
            // The agent writes down the Master's version and starts again with that.
            if (refused.Code == 4010) connection.Send(MasterInfo());
            connection.Close(refused.Code, refused.Reason);
        }
        var (closeCode, reason) = (1006, "");
        try
        {
            (closeCode, reason) = await connection.RunAsync(frame => Listen(client, connection, frame), ct);
        }
        finally
        {
            if (client is not null) Drop(client, closeCode, reason);
        }
    }

    /// <summary>Tells every connected agent of the grid about its node.</summary>
    public void Notify(string grid)
    {
        foreach (var client in Clients.Where(c => c.Grid == grid)) SendNodeInfo(client);
    }

    /// <summary>Asks the agent of a node. Where two connections have its id, the first is asked; where none has, nobody answers.</summary>
    public async Task<RpcOutcome> AskAsync(string nodeId, string method, TimeSpan timeout, CancellationToken ct)
    {
        var id = Interlocked.Increment(ref lastQuestion);
        var answer = new TaskCompletionSource<JsonArray>(TaskCreationOptions.RunContinuationsAsynchronously);
        questions[id] = answer;
        try
        {
            Clients.FirstOrDefault(c => c.NodeId == nodeId)?.Connection.Send(AgentFrame.Ask(id, method));
            return await answer.Task.WaitAsync(timeout, clock, ct) is not [_, _, var error, var result] ? new RpcOutcome.TimedOut()
                : error is null ? new RpcOutcome.Answered(result) : Failed(error);
        }
        catch (TimeoutException)
        {
            return new RpcOutcome.TimedOut();
        }
        finally
        {
            questions.TryRemove(id, out _);
        }
    }

    /// <summary>The Master is gone: nobody is pinged or unplugged any more. The connections end with the server.</summary>
    public void Dispose()
    {
        keepalive.Dispose();
        lock (gate)
        {
            gone = true;
            clients.Clear();
        }
    }

    private AgentClient Plug(AgentConnection connection, AgentVerdict.Admitted admitted)
    {
        var node = admitted.Node;
        var client = database.Look(_ =>
            new AgentClient(connection, node.Key, node.NodeId ?? "", node.ToString(), node.Grid.Name, admitted.ConnectedAt));
        lock (gate) clients.Add(client);
        connection.Send(MasterInfo());
        if (database.Look(_ => database.Connections.Plug(node, admitted.ConnectedAt))) SendNodeInfo(client);
        else log.LogError("Node {Node} has already re-connected", client.Name);
        return client;
    }

    /// <summary>Unplugs the client's node, where it is still the client's. Once; a Master that stops marks nobody: it is gone before it could.</summary>
    private void Drop(AgentClient client, int code, string reason)
    {
        lock (gate)
            if (!clients.Remove(client) || gone) return;
        database.Look(_ =>
        {
            if (Node(client) is { } node) database.Connections.Unplug(node, client.ConnectedAt, code, reason);
            return true;
        });
    }

    /// <summary>A message that is made wrongly is passed over; the connection stays.</summary>
    private void Listen(AgentClient? client, AgentConnection connection, JsonArray frame)
    {
        try
        {
            Receive(client, connection, frame);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            log.LogError("A message of {Node} cannot be read: {Problem}", client?.Name, e.GetType().Name);
        }
    }

    private void Receive(AgentClient? client, AgentConnection connection, JsonArray frame)
    {
        if (client is null) return;
        switch (frame)
        {
            case [JsonValue kind, JsonValue id, JsonValue method, JsonArray parameters] when Is(kind, 0) && id.TryGetValue(out long question):
                var (error, result) = calls.Call(client.Grid, method.ToString(), parameters);
                connection.Send(AgentFrame.Answer(question, error, result));
                break;
            case [JsonValue kind, JsonValue method, JsonArray parameters] when Is(kind, 2):
                calls.Call(client.Grid, method.ToString(), parameters);
                break;
            case [JsonValue kind, JsonValue id, _, _] when Is(kind, 1) && id.TryGetValue(out long asked) && questions.TryGetValue(asked, out var waiting):
                waiting.TrySetResult(frame);
                break;
        }
    }

    private void SendNodeInfo(AgentClient client)
    {
        var info = database.Look(_ => Node(client) is { } node ? NodeJson.ForAgent(node) : null);
        if (info is not null) client.Connection.Send(AgentFrame.Tell("/agent/node_info", info));
    }

    private HostNode? Node(AgentClient client) => database.Nodes_NeedsLock.FirstOrDefault(n => n.Key == client.NodeKey);

    private byte[] MasterInfo() => AgentFrame.Tell("/agent/master_info", new JsonObject { ["version"] = database.Version.Text });

    private static bool Is(JsonValue kind, int expected) => kind.TryGetValue(out int value) && value == expected;

    private static RpcOutcome.Failed Failed(JsonNode error) => error is JsonObject fault
        ? new RpcOutcome.Failed(fault["code"] is JsonValue code && code.TryGetValue(out int number) ? number : 500, fault["message"]?.ToString() ?? "")
        : new RpcOutcome.Failed(500, error.ToString());
}
