namespace Kontena.Benchmarks.Measurements;

/// <summary>Differences between two readings of counters.</summary>
internal static class Counts
{
    private static readonly string[] reads = ["get ", "list ", "watch "];

    public static IReadOnlyDictionary<string, long> Since(this IReadOnlyDictionary<string, long> now, IReadOnlyDictionary<string, long> before) =>
        now.Select(c => (c.Key, Value: c.Value - before.GetValueOrDefault(c.Key))).Where(c => c.Value != 0).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);

    /// <summary>All but reads, and but Events and Leases: what a pool costs.</summary>
    public static long Writes(this IReadOnlyDictionary<string, long> counts) => counts
        .Where(c => !reads.Any(r => c.Key.StartsWith(r, StringComparison.Ordinal)) && !c.Key.Contains(" events", StringComparison.Ordinal) && !c.Key.Contains(" leases", StringComparison.Ordinal))
        .Sum(c => c.Value);

    public static string InWords(this IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}: {c.Value}"));
}
