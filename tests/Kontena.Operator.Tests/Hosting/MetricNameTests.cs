using Kontena.Operator.Hosting.Metrics;

namespace Kontena.Operator.Tests.Hosting;

public sealed class MetricNameTests
{
    [TestCase("kontena.kubernetes", "reconciles", null, nameof(InstrumentKind.Counter), "kontena_kubernetes_reconciles_total")]
    [TestCase("kontena.kubernetes", "reconciles_total", null, nameof(InstrumentKind.Counter), "kontena_kubernetes_reconciles_total")]
    [TestCase("kontena.kubernetes", "queue.depth", "{item}", nameof(InstrumentKind.UpDownCounter), "kontena_kubernetes_queue_depth")]
    [TestCase("kontena.provider", "call.duration", "s", nameof(InstrumentKind.Histogram), "kontena_provider_call_duration_seconds")]
    [TestCase("kontena.provider", "wait_seconds", "s", nameof(InstrumentKind.Counter), "kontena_provider_wait_seconds_total")]
    [TestCase("kontena.provider", "kontena.provider.calls", null, nameof(InstrumentKind.Counter), "kontena_provider_calls_total")]
    [TestCase("System.Runtime", "dotnet.process.cpu.time", "s", nameof(InstrumentKind.ObservableCounter), "dotnet_process_cpu_time_seconds_total")]
    [TestCase("Microsoft.AspNetCore.Server.Kestrel", "kestrel.active_connections", "{connection}", nameof(InstrumentKind.UpDownCounter), "kestrel_active_connections")]
    [TestCase("kontena.x", "9 lives-é", null, nameof(InstrumentKind.Gauge), "kontena_x__9_lives__")]
    public void Of_Instrument_IsAPrometheusName(string meter, string instrument, string? unit, string kind, string expected) =>
        Assert.That(MetricName.Of(meter, instrument, unit, Enum.Parse<InstrumentKind>(kind)), Is.EqualTo(expected));
}
