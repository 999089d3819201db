using System.CommandLine;
using Kontena.Operator.Hosting.Logging;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary><c>simulate</c>: only the simulated clouds and, where asked for, a Kontena Master; for one's own tests.</summary>
internal static class SimulateCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 4566 };
    private static readonly Option<double> BootSeconds = new("--boot-seconds") { Description = "How long a machine takes to run.", DefaultValueFactory = _ => 5 };
    private static readonly Option<int?> MasterPort = new("--master-port") { Description = "Simulate a Kontena Master too, on this port of 127.0.0.1; 0 takes a free one." };
    private static readonly Option<string> MasterVersion = new("--master-version") { Description = "The Master's version.", DefaultValueFactory = _ => new MasterOptions().Version };
    private static readonly Option<string> Grid = new("--grid") { Description = "Name of the Master's grid.", DefaultValueFactory = _ => MasterOptions.DemoGrid };
    private static readonly Option<bool> Machines = new("--machines") { Description = "Let instances carry out their user-data: their agents join the Master, and have an overlay." };
    private static readonly Option<int> InitialSize = new("--initial-size") { Description = "Initial members of the grid, 1 to 7.", DefaultValueFactory = _ => 1 };

    public static Command Build()
    {
        var command = new Command("simulate", "Run the simulated clouds on loopback.")
        {
            Port, BootSeconds, MasterPort, MasterVersion, Grid, InitialSize, Machines, SharedOptions.LogFormat, SharedOptions.LogLevel,
        };
        InitialSize.Validators.Add(size =>
        {
            if (size.GetValueOrDefault<int>() is < 1 or > 7) size.AddError("--initial-size is 1 to 7.");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using var logs = OperatorLog.Create(parsed.GetValue(SharedOptions.LogFormat), parsed.GetValue(SharedOptions.LogLevel));
        try
        {
            var options = new SimulatorOptions
            {
                Port = parsed.GetValue(Port),
                Ec2 = new Ec2Options { BootTime = TimeSpan.FromSeconds(parsed.GetValue(BootSeconds)) },
                Master = Master(parsed),
                Machines = parsed.GetValue(Machines) ? new MachineOptions() : null,
            };
            await using var simulator = await SimulatorServer.StartAsync(options, logs, ct);
            await SayHowAsync(parsed.InvocationConfiguration.Output, simulator, options.Master);
            await Forever(ct);
            return 0;
        }
        catch (Exception fault) when (fault is IOException or FormatException)
        {
            logs.CreateLogger("Simulate").LogError("{Problem}", fault.Message);
            return 2;
        }
    }

    /// <summary>Null where none is asked for.</summary>
    private static MasterOptions? Master(ParseResult parsed) => parsed.GetValue(MasterPort) is not { } port ? null : new MasterOptions
    {
        Port = port,
        Version = parsed.GetValue(MasterVersion)!,
        Grids = [new GridOptions { Name = parsed.GetValue(Grid)!, InitialSize = parsed.GetValue(InitialSize) }],
    };

    private static async Task SayHowAsync(TextWriter output, SimulatorServer simulator, MasterOptions? master)
    {
        await output.WriteLineAsync($"EC2 and STS: {simulator.Address}   (spec.provider.aws.endpoint)");
        await output.WriteLineAsync($"Keys: {Ec2Options.DemoAccessKeyId} / {Ec2Options.DemoSecretAccessKey}");
        if (master is not null)
        {
            await output.WriteLineAsync($"Kontena Master {master.Version}: {simulator.MasterUrl}   grid {master.Grids[0].Name}");
            await output.WriteLineAsync($"Access token: {MasterOptions.DemoAccessToken}");
        }
        await output.WriteLineAsync($"Faults and state: {simulator.Address}_control/");
    }

    private static async Task Forever(CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
