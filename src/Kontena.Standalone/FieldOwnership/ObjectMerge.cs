using Kontena.Standalone.Schema;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>Puts a configuration into an object, and takes fields out of one. The rules are those of structured-merge-diff (typed/merge.go, typed/remove.go).</summary>
internal static class ObjectMerge
{
    /// <summary>The object with all that the configuration says; nothing is removed. Both stay as they are.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? config, StructuralSchema schema)
    {
        // A null says nothing about a map or list that holds something.
        if (config is null && live is not null && FieldStep.Of(live, schema).Any()) return live.DeepClone();
        return (live, config) switch
        {
            (JsonObject old, JsonObject given) when !schema.AtomicMap => MergeFields(old, given, schema),
            (JsonArray old, JsonArray given) when schema.ItemsApart => MergeItems(old, given, schema),
            _ => config?.DeepClone(),
        };
    }

    /// <summary>The value without the fields of the set; null when nothing is left of it.</summary>
    public static JsonNode? Remove(JsonNode? value, FieldSet fields, StructuralSchema schema)
    {
        if (FieldStep.IsLeaf(value, schema)) return value?.DeepClone();
        var left = FieldStep.Of(value, schema).Where(s => fields[s.Step] is not { Self: true })
            .Select(s => (s.Key, Value: fields[s.Step] is { } inner ? Remove(s.Value, inner, s.Schema) : s.Value?.DeepClone(), Had: s.Value))
            .Where(s => s.Value is not null || s.Had is null).ToList();
        if (left.Count == 0) return null;
        return value is JsonObject ? new JsonObject(left.Select(s => KeyValuePair.Create(s.Key, s.Value))) : new JsonArray([.. left.Select(s => s.Value)]);
    }

    private static JsonObject MergeFields(JsonObject live, JsonObject config, StructuralSchema schema)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in live)
            merged[name] = config.TryGetPropertyValue(name, out var given) ? Merge(value, given, schema.Field(name)) : value?.DeepClone();
        foreach (var (name, given) in config)
        {
            if (!live.ContainsKey(name)) merged[name] = given?.DeepClone();
        }
        return merged;
    }

    /// <summary>Items that only the object has keep their places; the others come in the order of the configuration.</summary>
    private static JsonArray MergeItems(JsonArray live, JsonArray config, StructuralSchema schema)
    {
        var (left, right) = (FieldStep.Of(live, schema).ToList(), FieldStep.Of(config, schema).ToList());
        var (inLeft, inRight) = (left.ToDictionary(s => s.Step), right.Select(s => s.Step).ToHashSet());
        var shared = new Queue<string>(right.Where(s => inLeft.ContainsKey(s.Step)).Select(s => s.Step));
        var (merged, taken) = (new JsonArray(), new HashSet<string>());
        for (int l = 0, r = 0; l < left.Count || r < right.Count;)
        {
            if (l < left.Count && !inRight.Contains(left[l].Step))
            {
                merged.Add(left[l++].Value?.DeepClone());
                continue;
            }
            // A shared item that is not the next one of the configuration comes when that does; one that came already is passed.
            var passed = l < left.Count && r < right.Count && left[l].Step != right[r].Step && shared.TryPeek(out var next) && next != left[l].Step;
            if (passed || (l < left.Count && taken.Contains(left[l].Step))) l++;
            if (passed || r == right.Count) continue;
            var step = right[r++];
            taken.Add(step.Step);
            merged.Add(inLeft.TryGetValue(step.Step, out var old) ? Merge(old.Value, step.Value, step.Schema) : step.Value?.DeepClone());
            if (shared.TryPeek(out var expected) && expected == step.Step) shared.Dequeue();
            if (l < left.Count && left[l].Step == step.Step) l++;
        }
        // An item that has none of its keys is the schema's to refuse.
        foreach (var item in config.Where(i => FieldStep.ToItem(i, schema) is null)) merged.Add(item?.DeepClone());
        return merged;
    }
}
