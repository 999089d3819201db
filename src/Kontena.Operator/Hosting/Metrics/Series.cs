namespace Kontena.Operator.Hosting.Metrics;

/// <summary>One line of a family (for a histogram: its buckets, sum and count). Records come from many threads at once.</summary>
internal abstract class Series(string labels)
{
    public string Labels { get; } = labels;

    public abstract void Record(double value);

    public abstract void WriteTo(ExpositionText text, string family);
}

/// <summary>Adds up what it is given. A counter's negative step is dropped: a counter that falls reads as a restart.</summary>
internal sealed class SumSeries(string labels, bool monotonic) : Series(labels)
{
    private double total;

    public override void Record(double value)
    {
        if (double.IsNaN(value) || (monotonic && value < 0)) return;
        for (var seen = Volatile.Read(ref total); ;)
        {
            var was = Interlocked.CompareExchange(ref total, seen + value, seen);
            if (was.Equals(seen)) return;
            seen = was;
        }
    }

    public override void WriteTo(ExpositionText text, string family) => text.Sample(family, Labels, Volatile.Read(ref total));
}

internal sealed class LastValueSeries(string labels) : Series(labels)
{
    private double last;

    public override void Record(double value) => Volatile.Write(ref last, value);

    public override void WriteTo(ExpositionText text, string family) => text.Sample(family, Labels, Volatile.Read(ref last));
}

internal sealed class HistogramSeries(string labels, IReadOnlyList<double> bounds) : Series(labels)
{
    private readonly Lock gate = new();
    private readonly long[] buckets = new long[bounds.Count + 1];
    private double sum;

    public override void Record(double value)
    {
        if (double.IsNaN(value)) return; // one would make the sum NaN for ever
        var bucket = 0;
        while (bucket < bounds.Count && value > bounds[bucket]) bucket++;
        lock (gate)
        {
            buckets[bucket]++;
            sum += value;
        }
    }

    public override void WriteTo(ExpositionText text, string family)
    {
        long[] counts;
        double total;
        lock (gate)
        {
            counts = [.. buckets];
            total = sum;
        }
        var below = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            var bound = i < bounds.Count ? bounds[i] : double.PositiveInfinity;
            text.Bucket(family, Labels, bound, below);
        }
        text.Sample(family + "_sum", Labels, total);
        text.Sample(family + "_count", Labels, below);
    }
}
