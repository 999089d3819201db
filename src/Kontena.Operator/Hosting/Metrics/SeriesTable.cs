using System.Collections.Concurrent;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>
/// The series of one family, at most so many of them; what comes after is counted together in
/// <c>{overflow="true"}</c>, so that a label gone wild costs a line, not the process. A known set of tags is found without
/// allocating; identity is the rendered text, so tags in another order, or 1 and "1", are one series.
/// </summary>
internal sealed class SeriesTable
{
    public const string Overflow = "overflow=\"true\"";

    private readonly Func<string, Series> create;
    private readonly int limit;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Series> byLabels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> byTags = new(new TagsComparer());
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> lookup;
    private int remembered;

    public SeriesTable(Func<string, Series> create, int limit)
    {
        this.create = create;
        this.limit = limit;
        lookup = byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public Series Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        lookup.TryGetValue(tags, out var known) ? known : FindOrAdd(tags);

    public IReadOnlyList<Series> InOrder()
    {
        lock (gate) return [.. byLabels.Values];
    }

    public void Clear()
    {
        lock (gate)
        {
            byLabels.Clear();
            byTags.Clear();
            remembered = 0;
        }
    }

    private Series FindOrAdd(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelText.Of(tags);
        lock (gate)
        {
            if (!byLabels.ContainsKey(labels) && byLabels.Count >= limit) labels = Overflow;
            if (!byLabels.TryGetValue(labels, out var series)) byLabels.Add(labels, series = create(labels));
            // The short cut is bounded too: a series has few orders of its tags, an overflow has no end of them.
            if (remembered < 2 * limit && IsPlain(tags) && byTags.TryAdd(tags.ToArray(), series)) remembered++;
            return series;
        }
    }

    // Only values that cannot change later and hold on to nothing.
    private static bool IsPlain(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (_, value) in tags)
            if (value is not (null or string or Enum) && value?.GetType().IsPrimitive != true)
                return false;
        return true;
    }
}
