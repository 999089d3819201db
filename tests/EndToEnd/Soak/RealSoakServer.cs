using Kontena.EndToEnd.Engines;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Soak;

/// <summary>kube-apiserver; a restart kills it and the CRD server, and leaves etcd alone, as an upgrade of a control plane does.</summary>
internal sealed class RealSoakServer(RealApiServer server) : ISoakServer
{
    public string KubeconfigPath => server.KubeconfigPath;

    public int Port => server.Address.Port;

    public static async Task<RealSoakServer> StartAsync(CancellationToken ct)
    {
        var server = await RealApiServer.StartAsync(ct);
        try
        {
            await server.InstallCrdsAsync(NodePoolCrds.Read(), ct);
            return new RealSoakServer(server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task RestartAsync(CancellationToken ct) => server.RestartAsync(onData: null, ct);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
