using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>One agent's WebSocket. Whatever is sent goes through one queue, so that nobody who holds a lock has to wait for the network.</summary>
/// <param name="abort">Cuts the connection below the WebSocket.</param>
internal sealed class AgentConnection(WebSocket socket, KeepaliveStream transport, Action abort)
{
    /// <summary>How long the agent has to answer a close.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    /// <summary>The network is real whatever the simulated clock says: an hour that a test skips is no hour without a pong.</summary>
    private static readonly TimeProvider NetworkTime = TimeProvider.System;

    private const int MostBytes = 4 << 20;
    private readonly Channel<Outgoing> outbox = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private OutstandingPing? outstanding;
    private ITimer? closing;

    public void Send(byte[] message) => outbox.Writer.TryWrite(new Outgoing.Message(message));

    /// <summary>Closes after what was sent before; only the first close counts.</summary>
    public void Close(int code, string reason)
    {
        if (outbox.Writer.TryWrite(new Outgoing.Close(code, reason))) outbox.Writer.TryComplete();
    }

    /// <summary>Pings, and calls one of the two. Where a ping is under way already, nothing is done.</summary>
    public void Ping(TimeSpan timeout, Action<TimeSpan> answered, Action<TimeSpan> unanswered)
    {
        var ping = new OutstandingPing(answered, unanswered);
        if (Interlocked.CompareExchange(ref outstanding, ping, null) is not null) return;
        transport.Pong = () => Interlocked.Exchange(ref outstanding, null)?.Pong();
        if (!outbox.Writer.TryWrite(new Outgoing.Ping())) return;
        ping.Start(timeout, () => Interlocked.CompareExchange(ref outstanding, null, ping) == ping);
    }

    /// <summary>Runs until the connection has ended; tells how the agent closed it, 1006 where it did not.</summary>
    public async Task<(int Code, string Reason)> RunAsync(Action<JsonArray> receive, CancellationToken ct)
    {
        var pump = PumpAsync(ct);
        try
        {
            return await ReadAsync(receive, ct);
        }
        finally
        {
            outbox.Writer.TryComplete();
            Interlocked.Exchange(ref outstanding, null)?.Stop();
            await pump;
            // Nothing may abort what has ended: Kestrel has taken the request back by then.
            if (closing is not null) await closing.DisposeAsync();
        }
    }

    private async Task<(int Code, string Reason)> ReadAsync(Action<JsonArray> receive, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(), ct);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    var code = (int)(socket.CloseStatus ?? WebSocketCloseStatus.Empty);
                    Close(code == (int)WebSocketCloseStatus.Empty ? 1000 : code, "");
                    return (code, socket.CloseStatusDescription ?? "");
                }
                message.Write(buffer, 0, read.Count);
                if (message.Length > MostBytes)
                {
                    Close((int)WebSocketCloseStatus.MessageTooBig, "message too big");
                    message.SetLength(0);
                    continue;
                }
                if (!read.EndOfMessage) continue;
                if (AgentFrame.Unpack(message.ToArray()) is { } frame) receive(frame);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException)
        {
            ct.ThrowIfCancellationRequested();
            return (1006, "");
        }
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var outgoing in outbox.Reader.ReadAllAsync(ct))
                await SendAsync(outgoing, ct);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The reader sees the same end and says so.
            abort();
        }
    }

    private async Task SendAsync(Outgoing outgoing, CancellationToken ct)
    {
        switch (outgoing)
        {
            case Outgoing.Message message:
                await socket.SendAsync(message.Bytes.AsMemory(), WebSocketMessageType.Binary, true, ct);
                break;
            case Outgoing.Ping:
                await transport.PingAsync(ct);
                break;
            case Outgoing.Close close:
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, Short(close.Reason), ct);
                if (socket.State == WebSocketState.CloseSent) AbortLater();
                break;
        }
    }

    /// <summary>An agent that does not answer a close would hold its connection for ever.</summary>
    private void AbortLater() => closing = NetworkTime.CreateTimer(_ => abort(), null, CloseWithin, Timeout.InfiniteTimeSpan);

    /// <summary>A close frame has room for 123 bytes of reason (RFC 6455, 5.5).</summary>
    private static string Short(string reason)
    {
        while (Encoding.UTF8.GetByteCount(reason) > 123) reason = reason[..^1];
        return reason;
    }

    private abstract record Outgoing
    {
        public sealed record Message(byte[] Bytes) : Outgoing;

        public sealed record Ping : Outgoing;

        public sealed record Close(int Code, string Reason) : Outgoing;
    }

    private sealed class OutstandingPing(Action<TimeSpan> answered, Action<TimeSpan> unanswered)
    {
        private readonly long sent = NetworkTime.GetTimestamp();
        private ITimer? timer;

        /// <param name="claim">True for the one of pong and time-out that comes first.</param>
        public void Start(TimeSpan timeout, Func<bool> claim) => timer = NetworkTime.CreateTimer(
            _ =>
            {
                if (claim()) unanswered(NetworkTime.GetElapsedTime(sent));
                Stop();
            }, null, timeout, Timeout.InfiniteTimeSpan);

        public void Pong()
        {
            Stop();
            answered(NetworkTime.GetElapsedTime(sent));
        }

        public void Stop() => timer?.Dispose();
    }
}
