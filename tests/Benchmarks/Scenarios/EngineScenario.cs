using System.Diagnostics;
using Kontena.Benchmarks.Measurements;
using Kontena.Benchmarks.Parts;
using Kontena.Benchmarks.Reporting;
using Kontena.Simulator;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>One pool of many nodes on one API server: from apply to Ready, what that cost, what a settled while costs, and how soon a change reaches the cloud.</summary>
internal sealed class EngineScenario(string engine, ServerPart server, SimulatorServer cloud, OperatorPart program, BenchmarkOptions options, ResultTable table)
{
    public static async Task RunAsync(string engine, Func<CancellationToken, Task<ServerPart>> start, BenchmarkOptions options, ResultTable table, CancellationToken ct)
    {
        await using var server = await start(ct);
        await using var cloud = await SimulatedCloud.StartAsync(ct);
        await BenchmarkPool.PrepareAsync(server.Client, ct);
        await using var program = await OperatorPart.StartAsync(server, OperatorPart.Unpaced, ct);
        await new EngineScenario(engine, server, cloud, program, options, table).RunAsync(ct);
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var pool = new BenchmarkPool(server.Client, "bench");
        await FillAsync(pool, ct);
        if (options.Scenarios.Contains(engine)) await SettleAsync(ct);
        table.Add(engine, $"peak resident memory of the operator, pool of {options.Nodes}", $"{PeakMemory.Of(program.Pid).Peak:0} MiB", "≤ 250 MiB");
        if (options.Scenarios.Contains("change")) await new ChangeScenario(engine, server.Client, cloud, pool, options, table).RunAsync(ct);
    }

    private async Task FillAsync(BenchmarkPool pool, CancellationToken ct)
    {
        var requests = await program.RequestsAsync(ct);
        var counted = await server.CountedWritesAsync(ct);
        var (ours, theirs, clouds) = UsedTime();
        var watch = Stopwatch.StartNew();
        await pool.ApplyAsync(cloud.Address, options.Nodes, ct);
        await pool.ReadyAsync(options.Nodes, ct);
        var toReady = watch.Elapsed;
        var used = UsedTime();
        var sent = (await program.RequestsAsync(ct)).Since(requests);
        table.Add(engine, $"{options.Nodes} nodes from apply to Ready", $"{toReady.TotalSeconds:0.0} s", engine == "real" ? "≤ 30 s" : "≤ 15 s");
        table.Add(engine, "processor time for that: operator, API server, simulated EC2", $"{(used.Operator - ours).TotalSeconds:0.0} s, {(used.Server - theirs).TotalSeconds:0.0} s, {(used.Cloud - clouds).TotalSeconds:0.0} s");
        table.Add(engine, "API writes per node, Events and Lease apart", $"{(double)sent.Writes() / options.Nodes:0.00}", "≤ 6");
        if (counted is not null && await server.CountedWritesAsync(ct) is { } after)
        {
            var seen = after.Since(counted);
            table.Add(engine, "the same as the server counts them", $"{(double)seen.Writes() / options.Nodes:0.00}");
            Console.WriteLine($"  the server's count: {seen.InWords()}");
        }
        table.Add(engine, "cloud calls per node", $"{(double)cloud.Ec2.Calls.Total / options.Nodes:0.00}", "≤ 1.2");
        Console.WriteLine($"  the operator's requests: {sent.InWords()}");
        Console.WriteLine($"  cloud calls: {string.Join(", ", cloud.Ec2.Calls.Counts.Select(c => $"{c.Key}: {c.Value}"))}");
    }

    private (TimeSpan Operator, TimeSpan Server, TimeSpan Cloud) UsedTime() =>
        (ProcessorTime.Of([program.Pid]), ProcessorTime.Of(server.Pids), ProcessorTime.Of([Environment.ProcessId]));

    private async Task SettleAsync(CancellationToken ct)
    {
        var requests = await program.RequestsAsync(ct);
        var calls = cloud.Ec2.Calls.Total;
        await Task.Delay(options.Settled, TimeProvider.System, ct);
        var sent = (await program.RequestsAsync(ct)).Since(requests);
        table.Add(engine, $"settled for {options.Settled.TotalSeconds:0} s: API writes, Events and Lease apart", $"{sent.Writes()}", "0");
        table.Add(engine, $"settled for {options.Settled.TotalSeconds:0} s: cloud calls", $"{cloud.Ec2.Calls.Total - calls}");
        Console.WriteLine($"  requests meanwhile: {sent.InWords()}");
    }
}
