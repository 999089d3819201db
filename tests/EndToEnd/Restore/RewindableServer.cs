using Kontena.Operator.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Restore;

/// <summary>An embedded API server of one drill, whose data can be copied while it runs and be put back: same UIDs, same versions, same address.</summary>
internal sealed class RewindableServer : IAsyncDisposable
{
    private readonly string folder;
    private readonly int port;
    private EmbeddedServer server;

    private RewindableServer(string folder, EmbeddedServer server) => (this.folder, this.server, port) = (folder, server, server.Address.Port);

    public string KubeconfigPath => server.KubeconfigPath;

    public static async Task<RewindableServer> StartAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-rewind-").FullName;
        return new RewindableServer(folder, await EmbeddedServer.StartAsync(Path.Combine(folder, "live"), 0, NullLoggerFactory.Instance, ct));
    }

    /// <summary>The database with its log, as it is now: SQLite's log makes a copy of the two at any moment a whole one.</summary>
    /// <returns>A name to put it back by.</returns>
    public string Copy(string name)
    {
        Copy(Path.Combine(folder, "live"), Directory.CreateDirectory(Path.Combine(folder, name)).FullName);
        return name;
    }

    /// <summary>Everything that was written since is gone.</summary>
    public async Task RewindAsync(string name, CancellationToken ct)
    {
        await server.DisposeAsync();
        var live = Path.Combine(folder, "live");
        foreach (var file in Directory.GetFiles(live, "objects.db*")) File.Delete(file);
        Copy(Path.Combine(folder, name), live);
        server = await EmbeddedServer.StartAsync(live, port, NullLoggerFactory.Instance, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in new[] { "objects.db", "objects.db-wal" }.Where(f => File.Exists(Path.Combine(from, f))))
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
    }
}
