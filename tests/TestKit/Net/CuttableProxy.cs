using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kontena.TestKit.Net;

/// <summary>
/// A TCP line to a server on loopback that a test can break: bytes pass unchanged (TLS is not opened) until the connections are cut, or fall silent as they
/// do when something on the way forgets them.
/// </summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<CuttableLine, Task> lines = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private long received;
    private long sent;

    /// <param name="target">Port of the server; may be changed for connections to come.</param>
    public CuttableProxy(int target)
    {
        Target = target;
        listener.Start();
        accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Target { get; set; }

    /// <summary>Bytes that came from the server.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Bytes that went to the server.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Resets every open connection on both sides; new ones are accepted.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        var open = lines.Keys.ToList();
        foreach (var line in open) line.Reset();
        return open.Count;
    }

    /// <summary>No byte passes any more on the connections that are open now, and nobody is told; new ones work.</summary>
    public int Silence()
    {
        var open = lines.Keys.ToList();
        foreach (var line in open) line.Silent = true;
        return open.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        Cut();
        await Task.WhenAll(lines.Values);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var line = new CuttableLine(await listener.AcceptSocketAsync(stop.Token));
                lines[line] = Task.Run(() => CarryAsync(line));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException && stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(CuttableLine line)
    {
        await line.CarryAsync(Target, n => Interlocked.Add(ref sent, n), n => Interlocked.Add(ref received, n));
        lines.TryRemove(line, out _);
    }
}
