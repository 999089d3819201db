namespace Kontena.Benchmarks.Measurements;

/// <summary>Percentiles by nearest rank.</summary>
internal static class Latencies
{
    public static double Percentile(IReadOnlyList<TimeSpan> times, double percent) =>
        times.Order().ElementAt(Math.Clamp((int)Math.Ceiling(percent / 100 * times.Count) - 1, 0, times.Count - 1)).TotalMilliseconds;

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
