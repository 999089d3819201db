using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator;
using Kontena.Operator.Commands;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Resources;
using Kontena.Simulator;
using Kontena.Simulator.Ec2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Benchmarks;

/// <summary>
/// One pool of many nodes, from apply to Ready, on the embedded API server and the simulated EC2 with boot time 0 and no throttling, all in
/// one process. Then a settled while: what does it cost to have nothing to do?
/// </summary>
internal static class PoolBenchmark
{
    public static async Task RunAsync(int nodes, TimeSpan settled, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kontena-bench-");
        try
        {
            var ec2 = new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false };
            await using var cloud = await SimulatorServer.StartAsync(new SimulatorOptions { Ec2 = ec2 }, NullLoggerFactory.Instance, ct);
            await using var server = await EmbeddedServer.StartAsync(folder.FullName, 0, NullLoggerFactory.Instance, ct);
            var api = new CountingApi(server.Client);
            await using var wiring = await Wiring.OfAsync(api, new OperatorSettings { LeaderElection = false, Resilience = Unlimited }, TimeProvider.System, NullLoggerFactory.Instance, ct);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = wiring.RunAsync(stop.Token);
            await wiring.Nodes.WaitForSyncAsync(ct);

            var watch = Stopwatch.StartNew();
            await ApplyAsync(server.Client, cloud.Address, nodes, ct);
            await UntilAsync(wiring, p => p.Status?.ReadyReplicas == nodes && IsReady(p), running, ct);
            var toReady = watch.Elapsed;
            Report(nodes, toReady, api, cloud);

            api.Clear();
            var callsBefore = cloud.Ec2.Calls.Total;
            await Task.Delay(settled, TimeProvider.System, ct);
            Line($"settled for {settled.TotalSeconds:0} s: {api.Writes} API writes, {cloud.Ec2.Calls.Total - callsBefore} cloud calls");
            Line($"peak resident memory of the whole process (operator, API server, simulator): {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MiB");
            await stop.CancelAsync();
            await running;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ResilienceOptions Unlimited { get; } = new()
    {
        Reads = new CallFamilyOptions { PerSecond = 100_000, Burst = 100_000 },
        Creates = new CallFamilyOptions { PerSecond = 100_000, Burst = 100_000 },
        Deletes = new CallFamilyOptions { PerSecond = 100_000, Burst = 100_000 },
    };

    private static async Task ApplyAsync(KubeClient api, Uri cloud, int nodes, CancellationToken ct)
    {
        await api.CreateAsync(CoreKinds.Secret, new Secret
        {
            ApiVersion = "v1",
            Kind = "Secret",
            Metadata = new ObjectMeta { Namespace = "default", Name = "aws" },
            Data = new Dictionary<string, byte[]>
            {
                ["accessKeyID"] = Encoding.UTF8.GetBytes(Ec2Options.DemoAccessKeyId),
                ["secretAccessKey"] = Encoding.UTF8.GetBytes(Ec2Options.DemoSecretAccessKey),
            },
        }, WriteOptions.Default, ct);
        await api.CreateAsync(KontenaKinds.NodePools, new NodePool
        {
            ApiVersion = KontenaKinds.NodePools.ApiVersion,
            Kind = KontenaKinds.NodePools.Kind,
            Metadata = new ObjectMeta { Namespace = "default", Name = "bench" },
            Spec = new NodePoolSpec
            {
                Replicas = nodes,
                Provider = new ProviderSpec
                {
                    Aws = new AwsSettings { Region = "eu-west-1", Zones = ["a", "b", "c"], InstanceTypes = ["t3.small"], Endpoint = cloud.ToString(), CredentialsRef = new SecretRef { Name = "aws" } },
                },
            },
        }, WriteOptions.Default, ct);
    }

    private static async Task UntilAsync(Wiring wiring, Func<NodePool, bool> holds, Task running, CancellationToken ct)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = wiring.Pools.Store.Subscribe(_ =>
        {
            if (wiring.Pools.Store.All.Any(holds)) reached.TrySetResult();
        });
        if (await Task.WhenAny(reached.Task, running).WaitAsync(TimeSpan.FromMinutes(5), ct) == running) await running;
    }

    private static bool IsReady(NodePool pool) => pool.Status?.Conditions.Any(c => c is { Type: PoolConditions.Ready, Status: ConditionStatus.True }) == true;

    private static void Report(int nodes, TimeSpan toReady, CountingApi api, SimulatorServer cloud)
    {
        Line($"{nodes} nodes from apply to Ready: {toReady.TotalSeconds:0.0} s");
        Line($"API writes per node (Events and Lease apart): {(double)api.Writes / nodes:0.00}; cloud calls per node: {(double)cloud.Ec2.Calls.Total / nodes:0.00}");
        foreach (var (call, count) in api.Calls.OrderByDescending(c => c.Value)) Line($"  {call}: {count}");
    }

    private static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
