using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using Kontena.TestKit;
using Kontena.TestKit.Engines;
using MessagePack;

namespace Kontena.Simulator.Tests.Machines;

/// <summary>The least of a Kontena Master: accepts agents, writes down what they say, and closes them with the code that a test asks for.</summary>
internal sealed class ListeningMaster : IAsyncDisposable
{
    private readonly System.Net.HttpListener listener = new();
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentBag<Task> serving = [];
    private readonly Task accepting;

    private ListeningMaster(int port)
    {
        Port = port;
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>As an agent is given it.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>The close code for the next agents; null: they are taken.</summary>
    public int? Refuse { get; set; }

    /// <summary>What master_info says.</summary>
    public string Version { get; set; } = "1.5.4";

    public ConcurrentQueue<Visit> Visits { get; } = new();

    public Visit? Last => Visits.LastOrDefault();

    public static ListeningMaster Start() => new(LoopbackPorts.Take(1)[0]);

    public Task JoinedAsync(int visits = 1) => Eventually.HoldsAsync(() => Task.FromResult(Visits.Count(v => !v.Updates.IsEmpty) >= visits), $"{visits} agents joined", TimeSpan.FromSeconds(15), default);

    public Task VisitedAsync(int visits) => Eventually.HoldsAsync(() => Task.FromResult(Visits.Count >= visits), $"{visits} agents came", TimeSpan.FromSeconds(15), default);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        foreach (var visit in Visits) visit.Abort();
        listener.Close();
        await accepting;
        await Task.WhenAll(serving);
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                var context = await listener.GetContextAsync();
                serving.Add(Task.Run(() => ServeAsync(context)));
            }
        }
        catch (Exception e) when (e is System.Net.HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(System.Net.HttpListenerContext context)
    {
        try
        {
            if (context.Request.Url?.AbsolutePath != "/" || !context.Request.IsWebSocketRequest)
            {
                context.Response.StatusCode = 404;
                context.Response.Close();
                return;
            }
            var headers = context.Request.Headers.AllKeys.OfType<string>().ToDictionary(k => k, k => context.Request.Headers[k] ?? "", StringComparer.OrdinalIgnoreCase);
            var socket = (await context.AcceptWebSocketAsync(null)).WebSocket;
            var visit = new Visit(headers, socket);
            Visits.Enqueue(visit);
            if (Refuse is { } code) await visit.CloseAsync(code, "refused for a test");
            else await visit.ServeAsync(Version, end.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or System.Net.HttpListenerException or IOException)
        {
        }
    }
}

/// <summary>One connection of an agent.</summary>
internal sealed class Visit(IReadOnlyDictionary<string, string> headers, WebSocket socket)
{
    private readonly SemaphoreSlim sending = new(1);
    private readonly TaskCompletionSource<object?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>The second parameter of each <c>/nodes/update</c>.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<object, object?>> Updates { get; } = new();

    public WebSocketState State => socket.State;

    /// <summary>True once the agent closed in good order, and not by vanishing.</summary>
    public bool SaidGoodbye { get; private set; }

    public string? Header(string name) => headers.GetValueOrDefault(name);

    public async Task ServeAsync(string version, CancellationToken ct)
    {
        await SendAsync([2, "/agent/master_info", new object[] { new Dictionary<string, object?> { ["version"] = version } }], ct);
        await SendAsync([2, "/agent/node_info", new object[] { new Dictionary<string, object?> { ["peer_ips"] = new object[] { "10.0.0.9" }, ["grid"] = new Dictionary<string, object?> { ["trusted_subnets"] = Array.Empty<object>() } } }], ct);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, ct);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                SaidGoodbye = true;
                return;
            }
            Assert.That(part.EndOfMessage, "agents' messages are small");
            Read(buffer.AsMemory(0, part.Count));
        }
    }

    /// <summary>Calls the agent and gives its answer.</summary>
    public async Task<object?> CallAsync(string method)
    {
        await SendAsync([0, 77, method, Array.Empty<object>()], default);
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public Task CloseAsync(int code, string reason) => socket.CloseAsync((WebSocketCloseStatus)code, reason, default);

    /// <summary>Closes without waiting for the agent's own close, which whoever serves reads.</summary>
    public Task SayCloseAsync(int code, string reason) => socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, default);

    public void Abort() => socket.Abort();

    private void Read(ReadOnlyMemory<byte> bytes)
    {
        var message = (object?[])(MessagePackSerializer.Deserialize<object>(bytes, MessagePackSerializerOptions.Standard) ?? throw new InvalidOperationException("no message"));
        if (message is [_, _, "/nodes/update", object?[] and [_, IDictionary<object, object?> info]]) Updates.Enqueue(new Dictionary<object, object?>(info));
        else if (message is [byte and 1, byte and 77, var error, var result]) answer.TrySetResult(error ?? result);
    }

    private async Task SendAsync(object?[] message, CancellationToken ct)
    {
        var writer = new ArrayBufferWriter<byte>();
        MessagePackSerializer.Serialize(writer, (object)message, MessagePackSerializerOptions.Standard, ct);
        await sending.WaitAsync(ct);
        try
        {
            await socket.SendAsync(writer.WrittenMemory, WebSocketMessageType.Binary, true, ct);
        }
        finally
        {
            sending.Release();
        }
    }
}
