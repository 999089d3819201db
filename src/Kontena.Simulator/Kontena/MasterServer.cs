using Kontena.Simulator.Calls;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Hosting;
using Kontena.Simulator.Kontena.Agents;
using Kontena.Simulator.Kontena.Database;
using Kontena.Simulator.Kontena.Rest;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Kontena;

/// <summary>One life of the Master: its port, its agents. What it knows is in the database and outlives it.</summary>
internal sealed class MasterServer : IAsyncDisposable
{
    private readonly LoopbackServer server;
    private readonly WebsocketBackend backend;

    private MasterServer(LoopbackServer server, WebsocketBackend backend) => (this.server, this.backend) = (server, backend);

    public Uri Address => server.Address;

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<MasterServer> StartAsync(
        int port, MasterOptions options, MasterDatabase database, MasterClock clock, FaultBook faults, CallLedger ledger, ILoggerFactory loggers, CancellationToken ct)
    {
        var log = loggers.CreateLogger<MasterServer>();
        var wire = new WireLedger(faults, ledger, clock);
        var backend = new WebsocketBackend(database, options, clock, log);
        var agents = new AgentEndpoint(backend, wire, database.Version, clock, loggers);
        var routes = new RestRoutes(
            database.Version, new GridCalls(database, options.AccessTokens.Count, backend.Notify), new NodeCalls(database, backend.Notify),
            new NodeTokenCalls(database), new HealthCall(database, options, backend.AskAsync), new ContainerCalls(database));
        var rest = new RestEndpoint(routes, new Authentication(options.AccessTokens, clock), wire, database.Version, clock, log);
        try
        {
            var server = await LoopbackServer.StartAsync(
                port, options.Certificate, (http, end) => AgentEndpoint.Wants(http) ? agents.HandleAsync(http, end) : rest.HandleAsync(http, end), loggers, ct);
            return new MasterServer(server, backend);
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        backend.Dispose();
        await server.DisposeAsync();
    }
}
