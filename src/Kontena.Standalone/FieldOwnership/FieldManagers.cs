namespace Kontena.Standalone.FieldOwnership;

/// <summary>All managers of an object, each with at least one field.</summary>
internal sealed class FieldManagers
{
    // As kube-apiserver's DefaultMaxUpdateManagers: beyond it the oldest are put together.
    private const int MostUpdaters = 10;

    private const string Ancient = "ancient-changes";

    private FieldManagers(IEnumerable<FieldManager> entries) => Entries = [.. entries.Where(m => !m.Fields.IsEmpty)];

    public static FieldManagers None { get; } = new([]);

    public IReadOnlyList<FieldManager> Entries { get; }

    public int Count => Entries.Count;

    public FieldManager? this[FieldManagerId id] => Entries.FirstOrDefault(m => m.Id == id);

    /// <summary>The managers of a stored object. What cannot be read counts as nobody's, as in Kubernetes.</summary>
    public static FieldManagers Of(JsonObject? obj) => TryRead(obj?["metadata"]?["managedFields"] as JsonArray, stored: true) ?? None;

    /// <summary>
    /// The managers that a request wants: what it brings, where that can be read; else those of the stored object, so that clients that know nothing of
    /// managedFields do not delete them. A list with one empty entry asks for none; an empty list does so for built-in kinds only, where Go tells it from no list.
    /// </summary>
    public static FieldManagers Wanted(JsonArray? asked, JsonObject? live, bool builtIn)
    {
        if (asked is [JsonObject { Count: 0 }] || (builtIn && asked is [])) return None;
        if (JsonNode.DeepEquals(asked, live?["metadata"]?["managedFields"])) return Of(live);
        return TryRead(asked, stored: false) is { Count: > 0 } given ? given : Of(live);
    }

    /// <summary>The managers with these fields for this one; without it where there are none.</summary>
    public FieldManagers With(FieldManagerId id, FieldSet fields, string? time) =>
        new([.. Entries.Where(m => m.Id != id), new FieldManager(id, fields, time)]);

    public FieldManagers Map(Func<FieldManager, FieldSet> fields) => new(Entries.Select(m => m with { Fields = fields(m) }));

    /// <summary>At most ten managers that update: the oldest become one, for each version (capmanagers.go).</summary>
    public FieldManagers Capped()
    {
        var updaters = Sorted().Where(m => !m.Id.Applies).ToList();
        if (updaters.Count <= MostUpdaters) return this;
        var (kept, count) = (Entries.ToList(), updaters.Count);
        foreach (var version in updaters.GroupBy(m => m.Id.ApiVersion))
        {
            var oldest = version.Take(count - MostUpdaters + 1).ToList();
            if (oldest.Count < 2) continue;
            var bucket = new FieldManagerId(Ancient, false, version.Key, "");
            var merged = kept.Where(m => oldest.Contains(m) || m.Id == bucket).ToList();
            kept.RemoveAll(merged.Contains);
            kept.Add(new FieldManager(bucket, merged.Select(m => m.Fields).Aggregate((a, b) => a.Union(b)), oldest[^1].Time));
            count -= merged.Count - 1;
        }
        return new FieldManagers(kept);
    }

    /// <summary>
    /// Writes them into the object. Where the object is otherwise what it was, and so are they but for times, the old ones stay: such a write changes nothing.
    /// </summary>
    public void WriteTo(JsonObject obj, JsonObject? old)
    {
        if (Count == 0) obj.Metadata().Remove("managedFields");
        else obj.Metadata()["managedFields"] = new JsonArray([.. Sorted().Select(m => m.ToJson())]);
        if (old?["metadata"]?["managedFields"] is not { } before || !SameButForTimes(Of(old))) return;
        var newer = obj.Metadata()["managedFields"]!;
        obj.Metadata()["managedFields"] = before.DeepClone();
        if (!JsonNode.DeepEquals(obj, old)) obj.Metadata()["managedFields"] = newer;
    }

    private static FieldManagers? TryRead(JsonArray? list, bool stored)
    {
        try
        {
            return list is null ? null : new FieldManagers(list.Select(entry => FieldManager.Read(entry, stored)).GroupBy(m => m.Id).Select(same => same.Last()));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private IEnumerable<FieldManager> Sorted() => Entries.OrderBy(m => !m.Id.Applies).ThenBy(Seconds).ThenBy(m => m.Id.Name, StringComparer.Ordinal)
        .ThenBy(m => m.Id.ApiVersion, StringComparer.Ordinal).ThenBy(m => m.Id.Subresource, StringComparer.Ordinal);

    private static long Seconds(FieldManager manager) => JsonValue.Create(manager.Time)?.Time()?.ToUnixTimeSeconds() ?? 0;

    private bool SameButForTimes(FieldManagers other) => Count == other.Count
        && Entries.All(m => other[m.Id] is { } same && m.Id.ApiVersion == same.Id.ApiVersion && m.Fields.Equals(same.Fields));
}
