using Kontena.Simulator.Control;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator;

/// <summary>The simulated clouds on one loopback port. Disposing ends every request that is under way, hanging ones too.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly LoopbackServer server;

    private SimulatorServer(LoopbackServer server, Ec2Cloud ec2) => (this.server, Ec2) = (server, ec2);

    /// <summary>http://127.0.0.1:PORT/ — the endpoint of EC2 and STS, and the base of <c>/_control</c>.</summary>
    public Uri Address => server.Address;

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
        var control = new ControlEndpoint(faults, ec2, options.Time);
        var server = await LoopbackServer.StartAsync(options.Port, (http, end) => RouteAsync(http, aws, control, end), loggers, ct);
        return new SimulatorServer(server, ec2);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static Task RouteAsync(HttpContext context, AwsEndpoint aws, ControlEndpoint control, CancellationToken ct)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(ControlEndpoint.Prefix, StringComparison.Ordinal)) return control.HandleAsync(context, ct);
        if (path == "/" && HttpMethods.IsPost(context.Request.Method)) return aws.HandleAsync(context, ct);
        context.Response.StatusCode = path == "/" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
