using Kontena.Simulator;
using Kontena.Simulator.Calls;
using Kontena.Simulator.Ec2;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Benchmarks.Parts;

/// <summary>The simulated EC2, in the benchmark's own process: what the operator does there is seen without asking.</summary>
internal static class SimulatedCloud
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public static Task<SimulatorServer> StartAsync(CancellationToken ct) => SimulatorServer.StartAsync(
        new SimulatorOptions { Ec2 = new Ec2Options { BootTime = TimeSpan.Zero, ShutdownTime = TimeSpan.Zero, Throttling = false } }, NullLoggerFactory.Instance, ct);

    /// <summary>The first call of this action after the first <paramref name="before"/> that <paramref name="holds"/>.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public static async Task<CallRecord> CallAsync(Ec2Cloud cloud, string action, int before, Func<CallRecord, bool> holds, TimeSpan within, CancellationToken ct)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var count = cloud.Calls.Count(action);
            if (count > before && cloud.Calls.Recent.Where(c => c.Action == action).TakeLast(count - before).FirstOrDefault(holds) is { } call) return call;
            if (TimeProvider.System.GetElapsedTime(begun) > within) throw new TimeoutException($"No {action} came within {within}.");
            await Task.Delay(Look, TimeProvider.System, ct);
        }
    }
}
