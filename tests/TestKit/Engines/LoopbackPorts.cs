using System.Net;
using System.Net.Sockets;

namespace Kontena.TestKit.Engines;

/// <summary>Ports that are free on 127.0.0.1 now. Another process may take one before it is used: who starts servers on them tries again.</summary>
public static class LoopbackPorts
{
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners) listener.Start();
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners) listener.Dispose();
        }
    }
}
