using System.Diagnostics.Metrics;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class RuntimeMetricsTests
{
    [Test]
    public async Task WorkQueue_AddsRunsAndShutdown_AreMeasured()
    {
        var time = new ManualTime();
        var sums = new Dictionary<string, double>();
        using var listener = Listen("queue", "measured", sums);
        using var queue = new WorkQueue("measured", Backoff.Reconcile, time, () => 0);
        foreach (var name in (string[])["a", "b", "c"]) queue.Add(Widgets.Key(name));
        queue.Add(Widgets.Key("a"));
        time.Advance(TimeSpan.FromSeconds(3));
        await queue.TakeAsync(default);
        Assert.That((sums["workqueue.adds"], sums["workqueue.depth"], sums["workqueue.latency"]), Is.EqualTo((3.0, 2.0, 3.0)));

        queue.ShutDown();

        Assert.That(sums["workqueue.depth"], Is.Zero);
    }

    [Test]
    public void Meter_ItsName_IsWhatTheExporterListensTo() => Assert.That(RuntimeMetrics.MeterName, Is.EqualTo("kontena.kubernetes"));

    /// <summary>Sums by instrument, of one tag only: tests run side by side and share the meter.</summary>
    private static MeterListener Listen(string tag, string value, Dictionary<string, double> sums)
    {
        void Add(Instrument instrument, double measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var t in tags)
                if (t.Key == tag && (string?)t.Value == value)
                    lock (sums) sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + measured;
        }
        var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == RuntimeMetrics.MeterName) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((i, n, tags, _) => Add(i, n, tags));
        listener.SetMeasurementEventCallback<double>((i, n, tags, _) => Add(i, n, tags));
        listener.Start();
        return listener;
    }
}
