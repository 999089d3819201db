using Kontena.EndToEnd.Operator;
using Kontena.Operator.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Restore;

/// <summary>An embedded API server of one drill. It is copied while it runs.</summary>
internal sealed class RewindableEmbedded : RewindableServer
{
    private static readonly string[] database = ["objects.db", "objects.db-wal"];

    private readonly string folder;
    private readonly int port;
    private EmbeddedServer server;

    private RewindableEmbedded(string folder, EmbeddedServer server) => (this.folder, this.server, port) = (folder, server, server.Address.Port);

    public override SceneEngine Engine => SceneEngine.Embedded;

    public override string KubeconfigPath => server.KubeconfigPath;

    private string Live => Path.Combine(folder, "live");

    private string Backup => Path.Combine(folder, "backup");

    public static async Task<RewindableEmbedded> StartAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-rewind-").FullName;
        return new RewindableEmbedded(folder, await EmbeddedServer.StartAsync(Path.Combine(folder, "live"), 0, NullLoggerFactory.Instance, ct));
    }

    /// <summary>The database with its log, as it is now: SQLite's log makes a copy of the two at any moment a whole one.</summary>
    public override Task CopyAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Backup);
        CopyDatabase(Live, Backup);
        return Task.CompletedTask;
    }

    public override async Task RewindAsync(CancellationToken ct)
    {
        await server.DisposeAsync();
        foreach (var file in Directory.GetFiles(Live, "objects.db*")) File.Delete(file);
        CopyDatabase(Backup, Live);
        server = await EmbeddedServer.StartAsync(Live, port, NullLoggerFactory.Instance, ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static void CopyDatabase(string from, string to)
    {
        foreach (var file in database.Where(f => File.Exists(Path.Combine(from, f)))) File.Copy(Path.Combine(from, file), Path.Combine(to, file));
    }
}
