namespace Kontena.Operator.Hosting.Metrics;

/// <summary>A gauge with one label whose values are read from a store at each scrape.</summary>
internal sealed class LabelledGauge(string name, string help, string label, Func<IReadOnlyDictionary<string, long>> read, int limit) : IMetricFamily
{
    public string Name { get; } = name;

    public void WriteTo(ExpositionText text)
    {
        var values = read();
        if (values.Count == 0) return;
        text.Family(Name, help, "gauge");
        var ordered = values.OrderBy(value => value.Key, StringComparer.Ordinal).ToList();
        foreach (var (value, count) in ordered.Take(limit)) text.Sample(Name, LabelText.Of(label, value), count);
        if (ordered.Count > limit) text.Sample(Name, SeriesTable.Overflow, ordered.Skip(limit).Sum(value => value.Value));
    }
}
