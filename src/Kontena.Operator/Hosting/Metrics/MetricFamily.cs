using System.Diagnostics.Metrics;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>All series under one name.</summary>
internal interface IMetricFamily
{
    string Name { get; }

    void WriteTo(ExpositionText text);
}

/// <summary>What one instrument recorded; instruments of the same name and kind share it.</summary>
internal sealed class MetricFamily : IMetricFamily
{
    /// <summary>In seconds, from an API call to the start of a machine; an instrument may advise its own.</summary>
    private static readonly double[] SecondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly string? help;
    private readonly SeriesTable table;

    public MetricFamily(string name, Instrument instrument, InstrumentKind kind, int limit)
    {
        Name = name;
        Kind = kind;
        help = instrument.Description;
        var bounds = Advice(instrument) ?? SecondsBounds;
        table = new SeriesTable(labels => Create(kind, labels, bounds), limit);
    }

    public string Name { get; }

    public InstrumentKind Kind { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => table.Of(tags).Record(value);

    /// <summary>Forgets what was observed at the last scrape: what is told again comes again.</summary>
    public void Forget()
    {
        if (Kind.IsObserved()) table.Clear();
    }

    public void WriteTo(ExpositionText text)
    {
        var series = table.InOrder();
        if (series.Count == 0) return;
        text.Family(Name, help, Kind.PrometheusType());
        foreach (var one in series) one.WriteTo(text, Name);
    }

    // Observed sums start from nothing at each scrape, so two instruments of one name add up as pushed ones do.
    private static Series Create(InstrumentKind kind, string labels, IReadOnlyList<double> bounds) => kind switch
    {
        InstrumentKind.Counter or InstrumentKind.ObservableCounter => new SumSeries(labels, monotonic: true),
        InstrumentKind.UpDownCounter or InstrumentKind.ObservableUpDownCounter => new SumSeries(labels, monotonic: false),
        InstrumentKind.Gauge or InstrumentKind.ObservableGauge => new LastValueSeries(labels),
        InstrumentKind.Histogram => new HistogramSeries(labels, bounds),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown instrument kind"),
    };

    private static double[]? Advice(Instrument instrument) => instrument switch
    {
        Histogram<double> seconds => seconds.Advice?.HistogramBucketBoundaries?.ToArray(),
        Histogram<long> counts => counts.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<int> counts => counts.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        _ => null,
    };
}
