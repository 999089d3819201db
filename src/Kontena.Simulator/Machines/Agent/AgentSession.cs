using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>One open connection: answers the Master's calls and tells it about the node, until it closes.</summary>
internal sealed class AgentSession(ClientWebSocket socket, AgentSettings settings, AgentWorld world, OverlayLauncher overlay, Action<string, string> say, Func<bool> polite) : IDisposable
{
    /// <summary>A node's information is a few kilobytes.</summary>
    private const int MostBytes = 1024 * 1024;

    private static readonly HashSet<string> Services = new(StringComparer.Ordinal) { "containers", "service_pods", "volumes", "agent", "etcd", "load_balancers" };

    private readonly SemaphoreSlim sending = new(1);
    private ITimer? updates;
    private int lastId;
    private volatile bool connected;
    private volatile Task ending = Task.CompletedTask;

    public AgentState State => connected ? AgentState.Connected : AgentState.Open;

    /// <summary>How the Master closed it; null where it broke or was closed from this side.</summary>
    public async Task<(WebSocketCloseStatus Code, string Reason)?> RunAsync(CancellationToken ct)
    {
        // A receive that is cancelled tears the connection down, so that no close could be sent any more.
        await using var told = ct.UnsafeRegister(static session => ((AgentSession)session!).ending = ((AgentSession)session).EndAsync(), this);
        try
        {
            while (await ReceiveAsync() is { } frame) await HandleAsync(frame);
            var closed = (socket.CloseStatus ?? WebSocketCloseStatus.Empty, socket.CloseStatusDescription ?? "");
            if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            return closed;
        }
        catch (Exception e) when (IsBroken(e))
        {
            if (!ct.IsCancellationRequested) say("E", "websocket error: the connection was lost");
            return null;
        }
        finally
        {
            await ending;
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose()
    {
        updates?.Dispose();
        socket.Dispose();
        sending.Dispose();
    }

    /// <summary>A process that is told to end closes; one whose machine lost its power cannot.</summary>
    private async Task EndAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            if (polite() && socket.State == WebSocketState.Open) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "Terminated", deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || IsBroken(e))
        {
            // It is gone anyway.
        }
        socket.Abort();
    }

    private static bool IsBroken(Exception e) => e is WebSocketException or IOException or InvalidOperationException or ObjectDisposedException;

    private async Task<byte[]?> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            using var message = new MemoryStream();
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                message.Write(buffer, 0, part.Count);
                if (message.Length > MostBytes) throw new InvalidOperationException("The Master's message is too large.");
                if (part.EndOfMessage) return message.ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task HandleAsync(byte[] frame)
    {
        if (Rpc.Read(frame) is not { Count: >= 3 } message) return;
        if (message.Count == 4 && message[0] is 0L && message[2] is string asked) await AnswerAsync(message[1], asked, message[3] as IReadOnlyList<object?> ?? []);
        else if (message.Count == 3 && message[0] is 2L && message[1] is string told) await NotedAsync(told, message[2] as IReadOnlyList<object?> ?? []);
        else if (message.Count == 4 && message[0] is 1L && message[2] is not null) say("W", "RPC request failed");
        else if (message.Count == 4 && message[0] is 1L && message[3] is IReadOnlyDictionary<string, object?> node) overlay.Refresh(node);
    }

    private async Task AnswerAsync(object? id, string method, IReadOnlyList<object?> parameters)
    {
        var parts = method.Split('/');
        if (parts.Length < 3 || !Services.Contains(parts[1]))
        {
            await SendAsync(Rpc.Response(id, new Dictionary<string, object?> { ["code"] = 501, ["error"] = "service not implemented" }, null));
            return;
        }
        await NotedAsync(method, parameters);
        await SendAsync(Rpc.Response(id, null, method == "/etcd/health" ? EtcdHealth() : new Dictionary<string, object?>()));
    }

    /// <summary>The agent asks etcd at the address of docker0, which only a container in the host's network sees.</summary>
    private Dictionary<string, object?> EtcdHealth() => world.Container.HostNetwork ? new() { ["health"] = true }
        : new() { ["health"] = null, ["error"] = "Connection refused" };

    private async Task NotedAsync(string method, IReadOnlyList<object?> parameters)
    {
        var data = parameters.Count > 0 ? parameters[0] as IReadOnlyDictionary<string, object?> : null;
        if (method == "/agent/master_info")
        {
            if (data?.GetValueOrDefault("version") is string version) RewriteVersion(version);
            connected = true;
            await UpdateAsync();
            // Nodes that connect at the same moment are told of each other by nobody: their addresses are known to the Master only now. The real race is seconds long and rare.
            await SendAsync(Rpc.Request(Interlocked.Increment(ref lastId), "/nodes/get", [settings.NodeId]));
            updates ??= world.Waits.Time.CreateTimer(_ => UpdateLater(), null, world.Options.UpdateInterval, world.Options.UpdateInterval);
        }
        else if (method == "/agent/node_info" && data is not null) overlay.NodeInfo(data);
    }

    /// <summary>So that the unit's next start pulls the Master's version, where the file is mounted (agent/lib/kontena/rpc/agent_api.rb).</summary>
    private void RewriteVersion(string version)
    {
        const string path = "/etc/kontena.env";
        if (world.ReadFile(path) is not { } bytes) return;
        var lines = Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.StartsWith("KONTENA_VERSION=", StringComparison.Ordinal) && line.Length > 16 ? "KONTENA_VERSION=" + version : line);
        var text = string.Join('\n', lines);
        if (!world.WriteFile(path, Encoding.UTF8.GetBytes(text))) say("E", "Errno::EROFS: Read-only file system - /etc/kontena.env");
    }

    private void UpdateLater() => _ = Task.Run(async () =>
    {
        try
        {
            await UpdateAsync();
        }
        catch (Exception e) when (IsBroken(e))
        {
            // Whoever receives sees the connection's end as well and says so.
        }
    });

    private Task UpdateAsync() => SendAsync(Rpc.Request(Interlocked.Increment(ref lastId), "/nodes/update", [settings.NodeId, NodeReport.Of(settings, world)]));

    private async Task SendAsync(byte[] frame)
    {
        await sending.WaitAsync();
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            sending.Release();
        }
    }
}
