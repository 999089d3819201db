using Kontena.Operator.Commands;
using Kontena.Standalone;
using Kontena.TestKit.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Engines;

/// <summary>The embedded API server in this process, with the kinds and the rules that <c>standalone</c> gives it.</summary>
public sealed class EmbeddedApiServer : ApiEngine
{
    private readonly string folder;
    private EmbeddedServer server;

    private EmbeddedApiServer(EmbeddedServer server, string folder) => (this.server, this.folder) = (server, folder);

    public override string Name => "Embedded";

    public override Uri Address => server.Address;

    public override string KubeconfigPath => server.KubeconfigPath;

    public override IReadOnlySet<EngineFeature> Features { get; } =
        new HashSet<EngineFeature> { EngineFeature.GarbageCollection, EngineFeature.StrictFields, EngineFeature.OpenApiV3, EngineFeature.ForgottenPast, EngineFeature.ServerSideApply };

    public static async Task<EmbeddedApiServer> StartAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-embedded-").FullName;
        await ForgetThePastAsync(folder, ct);
        return new EmbeddedApiServer(await EmbeddedServer.StartAsync(folder, port: 0, NullLoggerFactory.Instance, ct), folder);
    }

    public override async Task RestartAsync(CancellationToken ct)
    {
        await server.DisposeAsync();
        server = await EmbeddedServer.StartAsync(folder, Address.Port, NullLoggerFactory.Instance, ct);
    }

    public override string RecentLogs() => "";

    /// <summary>A first life with a log of one change: what it wrote is out of the log of the next, as version 1 is for a server that has run for a while.</summary>
    private static async Task ForgetThePastAsync(string folder, CancellationToken ct) => await (await StandaloneServer.StartAsync(
        new StandaloneOptions { DataDirectory = folder, CustomResourceDefinitions = NodePoolCrds.Read(), RetainedChanges = 1 }, NullLoggerFactory.Instance, ct)).DisposeAsync();

    protected override async ValueTask StopAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
