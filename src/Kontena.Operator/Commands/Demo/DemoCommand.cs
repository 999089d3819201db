using System.CommandLine;
using Kontena.Operator.Commands.Live;
using Kontena.Operator.Hosting.Logging;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Machines;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands.Demo;

/// <summary><c>demo</c>: embedded API server, simulated EC2 and Kontena Master, and operator in one process, with the sample of a grid applied, or manifests of the user's.</summary>
internal static class DemoCommand
{
    private static readonly Argument<FileInfo[]> Files = new("files") { Description = "YAML files with Secrets, Grids and NodePools to apply instead of samples/grid.yaml; their Masters and EC2 endpoints become the simulated ones.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Once = new("--once") { Description = "End when every pool is ready: exit 0; exit 1, with what is missing, after the time-out." };
    private static readonly Option<double> Timeout = new("--timeout") { Description = "Seconds that --once waits.", DefaultValueFactory = _ => 120 };
    private static readonly Option<bool> Plain = new("--plain") { Description = "One line a change instead of a screen; so too where output is no terminal." };
    private static readonly Option<double> BootSeconds = new("--boot-seconds") { Description = "How long a simulated machine takes to run.", DefaultValueFactory = _ => 5 };
    private static readonly Option<LogLevel> Level = new("--log-level") { Description = "The least severe log line on standard error.", DefaultValueFactory = _ => LogLevel.Error };
    private static readonly Option<System.Net.IPEndPoint> Listen = SharedOptions.Listen("127.0.0.1:0");

    public static Command Build()
    {
        var command = new Command("demo", "See it work: no cluster, no cloud account, no root.") { Files, Once, Timeout, Plain, BootSeconds, Listen, Level, SharedOptions.LogFormat };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken ct)
    {
        var (files, error) = (parsed.GetValue(Files) ?? [], parsed.InvocationConfiguration.Error);
        if (await ManifestCheck.RunAsync(files, TextWriter.Null, error, ct) is not 0 and var code) return code;
        DemoManifests manifests;
        try
        {
            manifests = await DemoManifests.ReadAsync(files, ct);
        }
        catch (FormatException fault)
        {
            await error.WriteLineAsync(fault.Message);
            return 2;
        }
        return await RunAsync(parsed, manifests, ct);
    }

    private static async Task<int> RunAsync(ParseResult parsed, DemoManifests manifests, CancellationToken ct)
    {
        using var logs = OperatorLog.Create(parsed.GetValue(SharedOptions.LogFormat), parsed.GetValue(Level));
        var folder = Directory.CreateTempSubdirectory("kontena-demo-");
        try
        {
            var ec2 = new Ec2Options { BootTime = TimeSpan.FromSeconds(parsed.GetValue(BootSeconds)) };
            var master = new MasterOptions { Grids = [.. manifests.Grids.DefaultIfEmpty(MasterOptions.DemoGrid).Select(name => new GridOptions { Name = name, InitialSize = 3 })] };
            await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Ec2 = ec2, Master = master, Machines = new MachineOptions() }, logs, ct);
            await using var server = await EmbeddedServer.StartAsync(folder.FullName, 0, logs, ct);
            await SayHowAsync(parsed.InvocationConfiguration.Output, manifests, server, simulator);
            return await ShowAsync(parsed, manifests, simulator, server, logs, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SayHowAsync(TextWriter output, DemoManifests manifests, EmbeddedServer server, SimulatorServer simulator) =>
        await output.WriteLineAsync($"""
            In another terminal:
              export KUBECONFIG={server.KubeconfigPath}
              kubectl get grids,nodepools,kontenanodes
              kubectl describe nodepool {manifests.Pools.FirstOrDefault()}
              kubectl scale nodepool {manifests.Pools.FirstOrDefault()} --replicas=5
            What the Master says itself:
              curl -s -H "Authorization: Bearer {MasterOptions.DemoAccessToken}" {simulator.MasterUrl}v1/grids/{manifests.Grids.FirstOrDefault(MasterOptions.DemoGrid)}/nodes

            """);

    private static async Task<int> ShowAsync(ParseResult parsed, DemoManifests manifests, SimulatorServer simulator, EmbeddedServer server, ILoggerFactory logs, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var started = new TaskCompletionSource<Wiring>(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = new OperatorHost(server.Client, new OperatorSettings { LeaderElection = false }, parsed.GetValue(Listen)!, TimeProvider.System, logs);
        var running = host.RunAsync(wiring => started.TrySetResult(wiring), stop.Token);
        try
        {
            await Task.WhenAny(started.Task, running);
            if (running.IsCompleted) await running;
            await manifests.ApplyAsync(server.Client, simulator.Address, simulator.MasterUrl, ct);
            return await FollowAsync(parsed, await started.Task, running, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private static async Task<int> FollowAsync(ParseResult parsed, Wiring wiring, Task running, CancellationToken ct)
    {
        var once = parsed.GetValue(Once);
        using var limit = new CancellationTokenSource(once ? TimeSpan.FromSeconds(parsed.GetValue(Timeout)) : System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var models = new LiveModels(wiring);
        var view = LiveView.OnStandardOutput(parsed.GetValue(Plain), Environment.GetEnvironmentVariable, TimeProvider.System);
        var showing = view.RunAsync(models.FollowAsync(once, either.Token), either.Token);
        // An operator that ended by itself must not leave the view standing as if all were well.
        if (await Task.WhenAny(showing, running) == running)
        {
            await either.CancelAsync();
            await showing;
            await running;
        }
        await showing;
        if (!once || models.WasReady) return 0;
        if (ct.IsCancellationRequested) return 0;
        foreach (var line in models.WhatIsMissing()) await parsed.InvocationConfiguration.Error.WriteLineAsync(line);
        return 1;
    }
}
