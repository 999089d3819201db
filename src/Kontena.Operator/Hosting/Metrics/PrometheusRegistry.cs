using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>
/// Shows System.Diagnostics.Metrics instruments in the Prometheus text format. Own code because no package that exports to
/// Prometheus (OpenTelemetry.Exporter.Prometheus.*, prometheus-net) can be restored where this project is built.
/// </summary>
public sealed class PrometheusRegistry : IDisposable
{
    /// <summary>The media type of <see cref="Scrape"/>.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MetricsOptions options;
    private readonly ILogger log;
    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly Lock scraping = new();
    private readonly SortedDictionary<string, IMetricFamily> families = new(StringComparer.Ordinal);
    private readonly HashSet<string> told = new(StringComparer.Ordinal);

    public PrometheusRegistry(MetricsOptions options, ILogger log)
    {
        this.options = options;
        this.log = log;
        listener.InstrumentPublished = Publish;
        listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Record(family, (double)value, tags));
    }

    /// <summary>Begins to listen. What was recorded before is not seen.</summary>
    public void Start() => listener.Start();

    /// <summary>
    /// A gauge read from a store at each scrape, such as nodes by state:
    /// <c>GaugeByLabel("kontena_nodes", "Nodes by state.", "state", store.CountByState)</c>.
    /// </summary>
    /// <param name="read">Called from the scraping thread; must be quick and safe beside writers. A state that it leaves out is not shown.</param>
    /// <exception cref="ArgumentException">A name that is not valid in the text format, or is taken.</exception>
    public void GaugeByLabel(string name, string help, string label, Func<IReadOnlyDictionary<string, long>> read)
    {
        if (!MetricName.IsValid(name)) throw new ArgumentException($"\"{name}\" is no name for a metric.", nameof(name));
        if (!MetricName.IsValid(label) || MetricName.OfLabel(label) != label) throw new ArgumentException($"\"{label}\" is no name for a label.", nameof(label));
        lock (gate)
        {
            if (!families.TryAdd(name, new LabelledGauge(name, help, label, read, options.MaxSeries)))
                throw new ArgumentException($"There is a metric {name} already.", nameof(name));
        }
    }

    /// <summary>Everything, families and series in ordinal order. One instrument that fails is left out, the others are shown.</summary>
    public string Scrape()
    {
        lock (scraping)
        {
            IMetricFamily[] all = Snapshot();
            foreach (var family in all.OfType<MetricFamily>()) family.Forget();
            Observe();
            var text = new ExpositionText();
            foreach (var family in Snapshot()) Write(family, text);
            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        (family as MetricFamily)?.Record(value, tags);

    private void Publish(Instrument instrument, MeterListener into)
    {
        if (!options.Includes(instrument.Meter.Name) || InstrumentKinds.Of(instrument) is not { } kind) return;
        var name = MetricName.Of(instrument.Meter.Name, instrument.Name, instrument.Unit, kind);
        IMetricFamily? family;
        lock (gate)
        {
            if (!families.TryGetValue(name, out family)) families.Add(name, family = new MetricFamily(name, instrument, kind, options.MaxSeries));
        }
        if (family is MetricFamily same && same.Kind == kind)
            into.EnableMeasurementEvents(instrument, same);
        else
            TellOnce(name, null, "another instrument of another kind has this name");
    }

    // The listener asks every instrument and only then throws what failed on the way.
    private void Observe()
    {
        try
        {
            listener.RecordObservableInstruments();
        }
        catch (AggregateException faults)
        {
            foreach (var fault in faults.InnerExceptions) TellOnce("an observable instrument", fault, fault.Message);
        }
    }

    // Whatever a store throws concerns one gauge; the scrape is how people learn about all the others.
    private void Write(IMetricFamily family, ExpositionText text)
    {
        try
        {
            family.WriteTo(text);
        }
        catch (Exception fault) when (family is LabelledGauge)
        {
            TellOnce(family.Name, fault, fault.Message);
        }
    }

    private IMetricFamily[] Snapshot()
    {
        lock (gate) return [.. families.Values];
    }

    // Scrapes come every few seconds; the same failure is worth one line.
    private void TellOnce(string metric, Exception? fault, string why)
    {
        lock (gate)
            if (told.Count >= 100 || !told.Add(metric + why))
                return;
        log.LogWarning(fault, "{Metric} is not shown: {Reason}", metric, why);
    }
}
