using Kontena.Simulator.Control;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Signing;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Hosting;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator;

/// <summary>The simulated clouds on one loopback port, and the Kontena Master on another. Disposing ends every request that is under way, hanging ones too.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly LoopbackServer server;
    private readonly KontenaMaster? master;
    private readonly SimulatedMachines? machines;

    private SimulatorServer(LoopbackServer server, Ec2Cloud ec2, KontenaMaster? master, SimulatedMachines? machines) =>
        (this.server, Ec2, this.master, this.machines) = (server, ec2, master, machines);

    /// <summary>http://127.0.0.1:PORT/ — the endpoint of EC2 and STS, and the base of <c>/_control</c>.</summary>
    public Uri Address => server.Address;

    public Ec2Cloud Ec2 { get; }

    /// <exception cref="InvalidOperationException">The options asked for no Master.</exception>
    public KontenaMaster Master => master ?? throw new InvalidOperationException("There is no Kontena Master: set SimulatorOptions.Master.");

    /// <summary>http://127.0.0.1:PORT/ of the Kontena Master; https where it has a certificate.</summary>
    /// <exception cref="InvalidOperationException">The options asked for no Master.</exception>
    public Uri MasterUrl => Master.Url;

    /// <summary>The machines behind the instances.</summary>
    /// <exception cref="InvalidOperationException"><see cref="SimulatorOptions.Machines"/> asked for none.</exception>
    public SimulatedMachines Machines => machines ?? throw new InvalidOperationException("No machines are simulated: set SimulatorOptions.Machines.");

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, ILoggerFactory loggers, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var faults = new FaultBook();
        var ids = new Ids(options.Ec2.Seed);
        var account = new Account(options.Time);
        var ec2 = new Ec2Cloud(options.Ec2, account, ids, faults);
        var machines = options.Machines is { } settings ? new SimulatedMachines(settings, options.Time, ec2.Networks) : null;
        if (machines is not null) account.Power = new PowerLine(machines);
        var api = new AwsApi(ec2, new Keyring(options.Ec2, ids), options.SignersTime ?? options.Time);
        var aws = new AwsEndpoint(ec2, api, ids, options.Time, loggers.CreateLogger<SimulatorServer>());
        var master = options.Master is { } asked ? await KontenaMaster.StartAsync(asked, options.Time, faults, loggers, ct) : null;
        try
        {
            var control = new ControlEndpoint(faults, ec2, master, machines, options.Time);
            var server = await LoopbackServer.StartAsync(options.Port, null, (http, end) => RouteAsync(http, aws, control, end), loggers, ct);
            return new SimulatorServer(server, ec2, master, machines);
        }
        catch
        {
            machines?.Dispose();
            if (master is not null) await master.DisposeAsync();
            throw;
        }
    }

    /// <summary>Boots a machine that no operator made, and that joins a grid of the Master under its engine's ID.</summary>
    /// <exception cref="InvalidOperationException">There is no Master, or no machines are simulated.</exception>
    /// <exception cref="ArgumentException">There is no such grid, image, type, region or zone.</exception>
    public SimulatedMachine LaunchForeign(ForeignMachine foreign)
    {
        ArgumentNullException.ThrowIfNull(foreign);
        return Machines.Of(Ec2.LaunchForeign(foreign.Instance(MasterUrl, Master.GridToken(foreign.Grid))).Id);
    }

    public async ValueTask DisposeAsync()
    {
        machines?.Dispose();
        if (master is not null) await master.DisposeAsync();
        await server.DisposeAsync();
    }

    private static Task RouteAsync(HttpContext context, AwsEndpoint aws, ControlEndpoint control, CancellationToken ct)
    {
        var path = context.Request.Path.Value ?? "";
        if (path.StartsWith(ControlEndpoint.Prefix, StringComparison.Ordinal)) return control.HandleAsync(context, ct);
        if (path == "/" && HttpMethods.IsPost(context.Request.Method)) return aws.HandleAsync(context, ct);
        context.Response.StatusCode = path == "/" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
