using System.CommandLine;
using Kontena.Operator.Hosting.Logging;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary><c>simulate</c>: only the simulated clouds, for one's own tests.</summary>
internal static class SimulateCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 4566 };
    private static readonly Option<double> BootSeconds = new("--boot-seconds") { Description = "How long a machine takes to run.", DefaultValueFactory = _ => 5 };

    public static Command Build()
    {
        var command = new Command("simulate", "Run the simulated clouds on loopback.") { Port, BootSeconds, SharedOptions.LogFormat, SharedOptions.LogLevel };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        using var logs = OperatorLog.Create(parsed.GetValue(SharedOptions.LogFormat), parsed.GetValue(SharedOptions.LogLevel));
        try
        {
            var options = new SimulatorOptions { Port = parsed.GetValue(Port), Ec2 = new Ec2Options { BootTime = TimeSpan.FromSeconds(parsed.GetValue(BootSeconds)) } };
            await using var simulator = await SimulatorServer.StartAsync(options, logs, ct);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"EC2 and STS: {simulator.Address}   (spec.provider.aws.endpoint)");
            await output.WriteLineAsync($"Keys: {Ec2Options.DemoAccessKeyId} / {Ec2Options.DemoSecretAccessKey}");
            await output.WriteLineAsync($"Faults and state: {simulator.Address}_control/");
            await Forever(ct);
            return 0;
        }
        catch (IOException fault)
        {
            logs.CreateLogger("Simulate").LogError("{Problem}", fault.Message);
            return 2;
        }
    }

    private static async Task Forever(CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
