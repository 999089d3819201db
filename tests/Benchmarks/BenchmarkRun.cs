using Kontena.Benchmarks.Parts;
using Kontena.Benchmarks.Reporting;
using Kontena.Benchmarks.Scenarios;
using NUnit.Framework;

namespace Kontena.Benchmarks;

/// <summary>Runs what was asked for, one scenario after the other, and prints the table at the end, also of what came before a failure.</summary>
internal static class BenchmarkRun
{
    private static readonly (string Name, Func<CancellationToken, Task<ServerPart>> StartAsync)[] engines = [("embedded", EmbeddedPart.StartAsync), ("real", RealPart.StartAsync)];

    /// <returns>The exit code: 1 where a scenario failed.</returns>
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var table = new ResultTable();
        var failed = false;
        foreach (var (name, start) in engines)
            if (options.Scenarios.Contains(name) || options.Scenarios.Contains("change"))
                failed |= !await TryAsync(name, table, () => EngineScenario.RunAsync(name, start, options, table, ct));
        if (options.Scenarios.Contains("replicasets"))
            failed |= !await TryAsync("replicasets", table, () => ReplicaSetScenario.RunAsync(options, table, ct));
        if (options.Scenarios.Contains("ports"))
            failed |= !await TryAsync("ports", table, () => Task.Run(() => PortScenario.Run(options, table), ct));
        if (options.Scenarios.Contains("identity")) IdentityScenario.Run(table);
        Console.WriteLine();
        Console.Write(Machine.Describe());
        Console.WriteLine();
        Console.Write(table.ToMarkdown());
        return failed ? 1 : 0;
    }

    private static async Task<bool> TryAsync(string name, ResultTable table, Func<Task> scenario)
    {
        Console.WriteLine($"== {name} (load average before: {Machine.LoadAverage()})");
        try
        {
            await scenario();
            return true;
        }
        // A machine without a kube-apiserver measures the rest; TestKit says so in a test's words.
        catch (IgnoreException reason)
        {
            table.Skipped(name, reason.Message);
            return true;
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException or Kubernetes.Client.KubeFault or IOException)
        {
            table.Failed(name, fault.Message);
            return false;
        }
    }
}
