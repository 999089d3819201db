using System.Diagnostics;
using System.Text.Json.Nodes;
using Kontena.Benchmarks.Measurements;
using Kontena.Benchmarks.Parts;
using Kontena.Benchmarks.Reporting;
using Kontena.Simulator;
using Kontena.TestKit.Engines;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>
/// Children a second, beside kube-controller-manager's ReplicaSet controller with its client's rate limit lifted: in turns, on the same server,
/// both controllers running all the time. There is no kubelet and no scheduler, so a pod is only an object; a node of ours is also brought to Ready meanwhile.
/// </summary>
internal sealed class ReplicaSetScenario(RealApiServer server, ServerPart part, SimulatorServer cloud)
{
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string ReplicaSets = "/apis/apps/v1/namespaces/default/replicasets";
    private const string Nodes = "/apis/kontena.io/v1alpha1/namespaces/default/kontenanodes";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(BenchmarkOptions options, ResultTable table, CancellationToken ct)
    {
        await using var part = await RealPart.StartAsync(ct);
        var server = ((RealPart)part).Server;
        await using var cloud = await SimulatedCloud.StartAsync(ct);
        await BenchmarkPool.PrepareAsync(part.Client, ct);
        var ceiling = new ServerCeiling(server.Http);
        var (podCeiling, nodeCeiling) = (await ceiling.PodsAsync(Pods, options.Nodes, ct), await ceiling.NodesAsync(Nodes, options.Nodes, ct));
        table.Add("real", $"{options.Nodes} objects from one plain client, no controller: pods, KontenaNodes a second", $"{podCeiling:0}, {nodeCeiling:0}");
        server.StartReplicaSetController();
        var scenario = new ReplicaSetScenario(server, part, cloud);
        await scenario.ReplicaSetAsync("warm-up", 20, ct); // once the controller-manager's informers are synced
        var (theirs, ours) = await scenario.ChildrenAsync(options, ct);
        table.Add("real", $"a ReplicaSet of {options.Nodes}: pods a second, median of {options.Rounds}", $"{theirs:0}");
        table.Add("real", $"a NodePool of {options.Nodes}: nodes a second, at EC2's pace, median of {options.Rounds}", $"{ours:0}");
        table.Add("real", "ratio, nodes to pods", $"{ours / theirs:0.00}", "≥ 1.0");
        table.Add("real", "the same, each by what the server gives a plain client", $"{ours / nodeCeiling / (theirs / podCeiling):0.00}");
        var (created, ready) = await scenario.UnpacedAsync(options, ct);
        table.Add("real", $"a NodePool of {options.Nodes}: nodes a second created, Ready, while their machines come at once", $"{created:0}, {ready:0}");
    }

    /// <summary>
    /// The operator as delivered: at the pace of EC2 the nodes wait for their machines, as pods wait without a kubelet, and the API server is
    /// there for those who create.
    /// </summary>
    private async Task<(double Pods, double Nodes)> ChildrenAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var program = await OperatorPart.StartAsync(part, pace: 1, ct);
        await PoolAsync("warm-up", 20, created: null, ct);
        var (pods, nodes) = (new List<double>(), new List<double>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            pods.Add(options.Nodes / (await ReplicaSetAsync($"round-{round}", options.Nodes, ct)).TotalSeconds);
            await PoolAsync($"round-{round}", options.Nodes, took => nodes.Add(options.Nodes / took.TotalSeconds), ct);
            Console.WriteLine(FormattableString.Invariant($"  round {round}: {pods[^1]:0} pods/s, {nodes[^1]:0} nodes/s"));
        }
        return (Latencies.Median(pods), Latencies.Median(nodes));
    }

    /// <summary>Every node is also given its machine meanwhile, by the same two processors.</summary>
    private async Task<(double Created, double Ready)> UnpacedAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var program = await OperatorPart.StartAsync(part, OperatorPart.Unpaced, ct);
        var pool = new BenchmarkPool(part.Client, "unpaced");
        var watch = Stopwatch.StartNew();
        await pool.ApplyAsync(cloud.Address, options.Nodes, ct);
        await CountedAsync(Nodes, n => n >= options.Nodes, $"{options.Nodes} nodes", ct);
        var created = watch.Elapsed;
        await pool.ReadyAsync(options.Nodes, ct);
        return (options.Nodes / created.TotalSeconds, options.Nodes / watch.Elapsed.TotalSeconds);
    }

    private async Task<TimeSpan> ReplicaSetAsync(string name, int count, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        (await server.Http.SendAsync(HttpMethod.Post, ReplicaSets, ReplicaSet(name, count), "application/json", ct)).Succeeded();
        await CountedAsync(Pods, n => n >= count, $"{count} pods", ct);
        var took = watch.Elapsed;
        (await server.Http.SendAsync(HttpMethod.Delete, $"{ReplicaSets}/{name}", new JsonObject { ["propagationPolicy"] = "Orphan" }, "application/json", ct)).Succeeded();
        // The orphan finalizer is the garbage collector's to take off, and there is none here.
        await server.Http.SendAsync(HttpMethod.Patch, $"{ReplicaSets}/{name}", new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, "application/merge-patch+json", ct);
        (await server.Http.SendAsync(HttpMethod.Delete, $"{Pods}?gracePeriodSeconds=0", null, "application/json", ct)).Succeeded();
        await CountedAsync(Pods, n => n == 0, "no pods", ct);
        return took;
    }

    /// <param name="created">Told how long it took until the last node object was there.</param>
    private async Task PoolAsync(string name, int count, Action<TimeSpan>? created, CancellationToken ct)
    {
        var pool = new BenchmarkPool(part.Client, name);
        var watch = Stopwatch.StartNew();
        await pool.ApplyAsync(cloud.Address, count, ct);
        await CountedAsync(Nodes, n => n >= count, $"{count} nodes", ct);
        created?.Invoke(watch.Elapsed);
        await pool.DeleteAsync(ct);
    }

    /// <summary>Asked in the same way for both, and cheap: one object and how many more there are.</summary>
    private async Task CountedAsync(string path, Func<long, bool> holds, string what, CancellationToken ct)
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            var list = (await server.Http.GetAsync($"{path}?limit=1", ct)).Succeeded();
            if (holds(list["items"]!.AsArray().Count + (list["metadata"]!["remainingItemCount"]?.GetValue<long>() ?? 0))) return;
            if (begun.Elapsed > Patience) throw new TimeoutException($"{what} within {Patience}: there are {list["metadata"]!["remainingItemCount"]} and one");
            await Task.Delay(Look, TimeProvider.System, ct);
        }
    }

    private static JsonObject ReplicaSet(string name, int count) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "ReplicaSet",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["replicas"] = count,
            ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "none" }) },
            },
        },
    };
}
