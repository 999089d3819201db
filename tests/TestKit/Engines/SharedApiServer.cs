using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Kontena.TestKit.Engines;

/// <summary>
/// One <see cref="RealApiServer"/> for a whole test assembly, started by the first test that asks. The assembly's
/// <c>[SetUpFixture]</c> calls <see cref="StopAsync"/> in its one-time tear-down.
/// </summary>
public sealed class SharedApiServer(Func<IReadOnlyList<JsonObject>> definitions)
{
    private readonly Lock gate = new();
    private Task<RealApiServer>? started;

    /// <summary>The running server with its CRDs; the calling test is skipped, with the reason, where the machine has no kube-apiserver.</summary>
    public Task<RealApiServer> GetAsync()
    {
        ApiServerBinaries.Require();
        // Not the first test's token: its end must not end the server for the others.
        lock (gate) return started ??= StartAsync(CancellationToken.None);
    }

    /// <summary>Stops the server if one was started; after a failed test its logs stay, and their folder is told.</summary>
    public async Task StopAsync()
    {
        if (started is not { IsCompletedSuccessfully: true }) return;
        var server = await started;
        server.KeepLogs = TestContext.CurrentContext.Result.FailCount > 0;
        if (server.KeepLogs) await TestContext.Progress.WriteLineAsync($"API server logs: {Path.GetDirectoryName(server.KubeconfigPath)}");
        await server.DisposeAsync();
    }

    private async Task<RealApiServer> StartAsync(CancellationToken ct)
    {
        var server = await RealApiServer.StartAsync(ct);
        try
        {
            await server.InstallCrdsAsync(definitions(), ct);
            server.StartGarbageCollector();
            return server;
        }
        catch
        {
            server.KeepLogs = true;
            await server.DisposeAsync();
            throw;
        }
    }
}
