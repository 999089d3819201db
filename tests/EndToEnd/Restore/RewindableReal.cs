using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Operator;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Restore;

/// <summary>
/// A real API server with an etcd of its own. The whole control plane stands still while etcd's data is copied or replaced, as in Kubernetes' own
/// instructions for a restore (the tests' etcd does not wait for the disk, so a copy of a running one would not be whole).
/// </summary>
internal sealed class RewindableReal : RewindableServer
{
    private readonly RealApiServer server;
    private readonly string backup = Path.Combine(Directory.CreateTempSubdirectory("kontena-rewind-").FullName, "etcd");

    private RewindableReal(RealApiServer server) => this.server = server;

    public override SceneEngine Engine => SceneEngine.Real;

    public override string KubeconfigPath => server.KubeconfigPath;

    public static async Task<RewindableReal> StartAsync(CancellationToken ct)
    {
        var server = await RealApiServer.StartAsync(ct);
        await server.InstallCrdsAsync(NodePoolCrds.Read(), ct);
        server.StartGarbageCollector();
        server.Require(EngineFeature.GarbageCollection);
        return new RewindableReal(server);
    }

    public override Task CopyAsync(CancellationToken ct) => server.RestartAsync(data =>
    {
        CopyFolder(data, backup);
        return Task.CompletedTask;
    }, ct);

    public override Task RewindAsync(CancellationToken ct) => server.RestartAsync(data =>
    {
        Directory.Delete(data, recursive: true);
        CopyFolder(backup, data);
        return Task.CompletedTask;
    }, ct);

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(backup)!, recursive: true);
    }
}
