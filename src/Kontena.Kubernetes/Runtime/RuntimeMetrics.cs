using System.Diagnostics.Metrics;

namespace Kontena.Kubernetes.Runtime;

/// <summary>What the runtime measures, under the meter <c>kontena.kubernetes</c>. Durations in seconds.</summary>
public static class RuntimeMetrics
{
    public const string MeterName = "kontena.kubernetes";

    private static readonly Meter Meter = new(MeterName);

    internal static Counter<long> Lists { get; } = Meter.CreateCounter<long>("informer.lists", description: "Complete lists, by kind and outcome");

    internal static Counter<long> WatchReconnects { get; } = Meter.CreateCounter<long>("informer.watch_reconnects", description: "Watches opened after the first, by kind");

    internal static Counter<long> WatchEvents { get; } = Meter.CreateCounter<long>("informer.events", description: "Watch events applied, by kind and type");

    internal static UpDownCounter<long> QueueDepth { get; } = Meter.CreateUpDownCounter<long>("workqueue.depth", description: "Keys ready to run, by queue");

    internal static Counter<long> QueueAdds { get; } = Meter.CreateCounter<long>("workqueue.adds", description: "Keys made ready, by queue and priority");

    internal static Histogram<double> QueueLatency { get; } = Meter.CreateHistogram<double>("workqueue.latency", "s", "From ready to running, by queue");

    internal static Counter<long> Reconciles { get; } = Meter.CreateCounter<long>("controller.reconciles", description: "Finished reconciles, by controller and outcome");

    internal static Counter<long> ReconcileErrors { get; } = Meter.CreateCounter<long>("controller.reconcile_errors", description: "Reconciles that threw, by controller");

    internal static Histogram<double> ReconcileDuration { get; } = Meter.CreateHistogram<double>("controller.reconcile_duration", "s", "By controller");

    internal static Counter<long> StaleCacheSkips { get; } = Meter.CreateCounter<long>("stale_cache_skips", description: "Reconciles put off because the cache was older than our own write, by kind");

    internal static Counter<long> Events { get; } = Meter.CreateCounter<long>("events.recorded", description: "Kubernetes Events, by outcome (created, counted, suppressed, throttled, dropped)");

    internal static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);
}
