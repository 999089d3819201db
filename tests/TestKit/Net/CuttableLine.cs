using System.Net;
using System.Net.Sockets;

namespace Kontena.TestKit.Net;

/// <summary>One connection of a <see cref="CuttableProxy"/>, with its other half to the server.</summary>
internal sealed class CuttableLine(Socket client)
{
    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource end = new();

    public volatile bool Silent;

    /// <summary>Returns when the connection is over, whoever ended it.</summary>
    public async Task CarryAsync(int target, Action<int> sent, Action<int> received)
    {
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
            await Task.WhenAny(PumpAsync(client, server, sent), PumpAsync(server, client, received));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // No server, or cut before there was one.
        }
        Reset();
    }

    /// <summary>With RST instead of FIN, so that the peers see a broken connection and no end.</summary>
    public void Reset()
    {
        end.Cancel();
        foreach (var socket in new[] { client, server })
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed by the other thread, or by the peer.
            }
            socket.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Action<int> count)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is var read and > 0)
            {
                if (Silent) continue;
                await to.SendAsync(buffer.AsMemory(0, read), end.Token);
                count(read);
            }
            // The end of a silent line is not passed on either.
            if (Silent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut, here or there.
        }
    }
}
