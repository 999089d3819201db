using System.Text.Json.Nodes;
using Kontena.Benchmarks.Measurements;
using Kontena.Benchmarks.Parts;
using Kontena.Benchmarks.Reporting;
using Kontena.Kubernetes.Client;
using Kontena.Operator.Resources;
using Kontena.Simulator;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>
/// One change at a time among many nodes: from the API server's answer to the write until the cloud has handled the call that it leads to.
/// A pause lies between two, but what a change brings about after that call may still be going on when the next comes.
/// </summary>
internal sealed class ChangeScenario(string engine, KubeClient api, SimulatorServer cloud, BenchmarkPool pool, BenchmarkOptions options, ResultTable table)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken ct)
    {
        Tell("kubectl delete of a node, to TerminateInstances", await DeletionsAsync(ct));
        await pool.ReadyAsync(options.Nodes, ct);
        Tell("replicas + 1, to RunInstances", await AdditionsAsync(ct));
    }

    /// <summary>Watch event, reconcile of the node, call.</summary>
    private async Task<IReadOnlyList<TimeSpan>> DeletionsAsync(CancellationToken ct)
    {
        var times = new List<TimeSpan>();
        var nodes = await api.ListAllAsync(KontenaKinds.KontenaNodes, new Kubernetes.Client.ListQuery(pool.Key.Namespace), ct);
        foreach (var node in nodes.Items.Take(options.Changes))
        {
            var machine = node.Spec.ProviderID!.Split('/')[^1];
            var before = cloud.Ec2.Calls.Count("TerminateInstances");
            await api.DeleteAsync(KontenaKinds.KontenaNodes, node.Metadata.Key, new DeleteQuery(), ct);
            var answered = TimeProvider.System.GetUtcNow();
            var call = await SimulatedCloud.CallAsync(cloud.Ec2, "TerminateInstances", before, c => c.Parameters.Values.Contains(machine), Patience, ct);
            times.Add(call.At - answered);
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        return times;
    }

    /// <summary>Watch event, reconcile of the pool, node created, watch event, reconcile of the node: Secret, attempt, call.</summary>
    private async Task<IReadOnlyList<TimeSpan>> AdditionsAsync(CancellationToken ct)
    {
        var times = new List<TimeSpan>();
        for (var i = 1; i <= options.Changes; i++)
        {
            var before = cloud.Ec2.Calls.Count("RunInstances");
            var body = new JsonObject { ["spec"] = new JsonObject { ["replicas"] = options.Nodes + i } };
            await api.PatchAsync(KontenaKinds.NodePools, pool.Key, Patch.Merge(body), WriteOptions.Default, ct);
            var answered = TimeProvider.System.GetUtcNow();
            var call = await SimulatedCloud.CallAsync(cloud.Ec2, "RunInstances", before, _ => true, Patience, ct);
            times.Add(call.At - answered);
            await Task.Delay(Pause, TimeProvider.System, ct);
        }
        return times;
    }

    private void Tell(string what, IReadOnlyList<TimeSpan> times) => table.Add(engine, $"one change among {options.Nodes}, {what}: p50, p99 of {times.Count}",
        $"{Latencies.Percentile(times, 50):0.0} ms, {Latencies.Percentile(times, 99):0.0} ms");
}
