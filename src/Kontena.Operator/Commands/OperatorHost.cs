using System.Net;
using Kontena.Kubernetes.Client;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Hosting.Health;
using Kontena.Operator.Hosting.Metrics;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Commands;

/// <summary>An operator with its probes and metrics, as <c>run</c>, <c>standalone</c> and <c>demo</c> have it.</summary>
internal sealed class OperatorHost(IKubeApi api, OperatorSettings settings, IPEndPoint listen, TimeProvider time, ILoggerFactory logs)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ILogger log = logs.CreateLogger("Operator");

    /// <summary>Runs until cancelled.</summary>
    /// <param name="started">Told once the operator's parts exist, and again whenever they are put together anew; the stores fill a moment later.</param>
    public async Task RunAsync(Action<Wiring> started, CancellationToken ct)
    {
        using var metrics = new PrometheusRegistry(new MetricsOptions(), logs.CreateLogger("Metrics"));
        Wiring? wiring = null;
        metrics.GaugeByLabel("kontena_nodes", "KontenaNodes by the reason of their Ready condition.", "state", () => NodesByState(wiring));
        metrics.Start();
        IReadOnlyList<IReadinessCheck> checks =
        [
            ReadinessCheck.That("api-server", () => wiring is not null, "the API server has not answered yet"),
            ReadinessCheck.That("informers", () => wiring is { Pools.HasSynced: true, Nodes.HasSynced: true }, "the first lists are not complete; are the CRDs installed?"),
        ];
        await using var health = await HealthServer.StartAsync(new HealthOptions { Listen = listen, Time = time }, checks, metrics, logs, ct);
        try
        {
            while (await RunOnceAsync(w => started(wiring = w), ct)) log.LogInformation("The installation's record has changed: starting over with it");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            log.LogDebug("Stopped before the API server answered");
        }
    }

    private async Task<bool> RunOnceAsync(Action<Wiring> started, CancellationToken ct)
    {
        await using var wiring = await ConnectAsync(ct);
        started(wiring);
        return await wiring.RunAsync(ct);
    }

    /// <summary>The API server may come up after us: a pod that crash-loops meanwhile only hides that.</summary>
    private async Task<Wiring> ConnectAsync(CancellationToken ct)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await Wiring.OfAsync(api, settings, new Surroundings(time, logs), ct);
            }
            catch (KubeFault fault)
            {
                log.LogWarning("The API server does not let the operator begin ({Reason}): {Message}; trying again in {Pause}", fault.Reason, fault.Message, pause);
            }
            await Task.Delay(pause, time, ct);
        }
    }

    private static Dictionary<string, long> NodesByState(Wiring? wiring) =>
        (wiring?.Nodes.Store.All ?? [])
            .GroupBy(n => n.Status?.Conditions.FirstOrDefault(c => c.Type == NodeConditions.Ready)?.Reason ?? "New", StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal);
}
