using Kontena.Operator.Commands;
using Kontena.TestKit.Engines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.EndToEnd.Engines;

/// <summary>The embedded API server in this process, with the kinds and the rules that <c>standalone</c> gives it.</summary>
public sealed class EmbeddedApiServer : ApiEngine
{
    private readonly EmbeddedServer server;
    private readonly string folder;

    private EmbeddedApiServer(EmbeddedServer server, string folder) => (this.server, this.folder) = (server, folder);

    public override string Name => "Embedded";

    public override Uri Address => server.Address;

    public override string KubeconfigPath => server.KubeconfigPath;

    public override IReadOnlySet<EngineFeature> Features { get; } =
        new HashSet<EngineFeature> { EngineFeature.GarbageCollection, EngineFeature.StrictFields, EngineFeature.OpenApiV3 };

    public static async Task<EmbeddedApiServer> StartAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-embedded-").FullName;
        return new EmbeddedApiServer(await EmbeddedServer.StartAsync(folder, port: 0, NullLoggerFactory.Instance, ct), folder);
    }

    public override string RecentLogs() => "";

    protected override string WhyNot(EngineFeature feature) => feature == EngineFeature.ServerSideApply
        ? "server-side apply comes with a later version (docs/standalone.md)" : base.WhyNot(feature);

    protected override async ValueTask StopAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
