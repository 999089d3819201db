using System.Net;
using Kontena.Simulator.Control;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Faults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontena.Simulator;

/// <summary>The simulated clouds on one loopback port. Disposing ends every request that is under way, hanging ones too.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private readonly KestrelServer server;
    private readonly Application application;
    private bool disposed;

    private SimulatorServer(KestrelServer server, Application application, Ec2Cloud ec2) =>
        (this.server, this.application, Ec2) = (server, application, ec2);

    /// <summary>http://127.0.0.1:PORT/ — the endpoint of EC2 and STS, and the base of <c>/_control</c>.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public Ec2Cloud Ec2 { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, ILoggerFactory loggers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new FaultBook();
        var ids = new Ids(options.Ec2.Seed);
        var ec2 = new Ec2Cloud(options.Ec2, options.Time, ids, faults);
        var api = new AwsApi(ec2, new Keyring(options.Ec2, ids), options.Time);
        var aws = new AwsEndpoint(ec2, api, ids, options.Time, loggers.CreateLogger<SimulatorServer>());
        var application = new Application(aws, new ControlEndpoint(faults, ec2, options.Time));
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var server = new KestrelServer(Options.Create(Listening(options.Port)), sockets, loggers);
        var simulator = new SimulatorServer(server, application, ec2);
        try
        {
            await server.StartAsync(application, ct);
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
        simulator.Address = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return simulator;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await application.StopAsync();
        // The network is real whatever the simulated clock says.
        using var deadline = new CancellationTokenSource(StopWithin, TimeProvider.System);
        await server.StopAsync(deadline.Token);
        server.Dispose();
        application.Dispose();
    }

    private static KestrelServerOptions Listening(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port);
        return options;
    }

    /// <summary>What Kestrel calls for each request: no host and no middleware, so that nothing but this decides what is answered.</summary>
    private sealed class Application(AwsEndpoint aws, ControlEndpoint control) : IHttpApplication<HttpContext>, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
            try
            {
                await RouteAsync(context, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                context.Abort();
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }

        public Task StopAsync() => stopping.CancelAsync();

        public void Dispose() => stopping.Dispose();

        private Task RouteAsync(HttpContext context, CancellationToken ct)
        {
            var path = context.Request.Path.Value ?? "";
            if (path.StartsWith(ControlEndpoint.Prefix, StringComparison.Ordinal)) return control.HandleAsync(context, ct);
            if (path == "/" && HttpMethods.IsPost(context.Request.Method)) return aws.HandleAsync(context, ct);
            context.Response.StatusCode = path == "/" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
    }
}
