using Kontena.Operator.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Soak;

/// <summary>The embedded server in this process, on a folder of its own.</summary>
internal sealed class EmbeddedSoakServer : ISoakServer
{
    private readonly string folder = Directory.CreateTempSubdirectory("kontena-soak-").FullName;
    private EmbeddedServer server = null!; // set before anybody has it

    public string KubeconfigPath => server.KubeconfigPath;

    public int Port => server.Address.Port;

    public static async Task<EmbeddedSoakServer> StartAsync(CancellationToken ct)
    {
        var soak = new EmbeddedSoakServer();
        soak.server = await soak.OpenAsync(port: 0, ct);
        return soak;
    }

    public async Task RestartAsync(CancellationToken ct)
    {
        var port = Port;
        await server.DisposeAsync();
        server = await OpenAsync(port, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<EmbeddedServer> OpenAsync(int port, CancellationToken ct) => EmbeddedServer.StartAsync(folder, port, NullLoggerFactory.Instance, ct);
}
