using System.Text.Encodings.Web;
using System.Text.Json;
using Kontena.Standalone.Schema;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>One part of a value that has owners of its own: a field of an object, or an item of a set or a map list.</summary>
/// <param name="Key">A field's name, or an item's step.</param>
/// <param name="Declared">Whether the schema names the field. Fields of free maps and items of lists are owned themselves too, so that they go when their owner gives them up.</param>
internal readonly record struct FieldStep(string Key, bool IsItem, JsonNode? Value, StructuralSchema Schema, bool Declared)
{
    /// <summary>As in FieldsV1.</summary>
    public string Step => IsItem ? Key : $"f:{Key}";

    /// <summary>
    /// The parts of a value. None for a scalar, and for an object or list that has one owner as a whole: <c>x-kubernetes-map-type: atomic</c>,
    /// and every list that is not declared a set or a map (kubernetes.io, "Server-Side Apply", "Merge strategy").
    /// </summary>
    public static IEnumerable<FieldStep> Of(JsonNode? value, StructuralSchema schema) => value switch
    {
        JsonObject map when !schema.AtomicMap => Fields(map, schema),
        JsonArray list when schema.ItemsApart => Items(list, schema),
        _ => [],
    };

    /// <summary>Whether the value is owned as a whole, whatever it holds.</summary>
    public static bool IsLeaf(JsonNode? value, StructuralSchema schema) =>
        value is not JsonObject && value is not JsonArray || (value is JsonObject && schema.AtomicMap) || (value is JsonArray && !schema.ItemsApart);

    /// <summary>The schema of what a step leads to.</summary>
    public static StructuralSchema Below(StructuralSchema schema, string step) =>
        step.StartsWith("f:", StringComparison.Ordinal) ? schema.Field(step[2..]) : schema.Items ?? StructuralSchema.Any;

    /// <summary>The step to an item, by its value or its keys (with their defaults); null when it has none of the keys.</summary>
    public static string? ToItem(JsonNode? item, StructuralSchema list)
    {
        if (list.ItemKeys.Count == 0) return item is JsonValue ? $"v:{item.ToJsonString(JsonText.Readable)}" : null;
        if (item is not JsonObject map) return null;
        var key = string.Join(',', list.ItemKeys.Select(name => (Name: name, Value: map[name] ?? list.Items?.Field(name).Default)).Where(k => k.Value is not null)
            .Select(k => $"\"{JsonEncodedText.Encode(k.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":{k.Value!.ToJsonString(JsonText.Readable)}"));
        return key.Length == 0 ? null : $"k:{{{key}}}";
    }

    /// <exception cref="FormatException">Not a step.</exception>
    public static string Canonical(string step)
    {
        if (step.Length < 2 || step[1] != ':') throw new FormatException($"{step} is not a step of FieldsV1");
        if (step[0] is 'f' or 'i') return step;
        try
        {
            var value = JsonText.Parse(System.Text.Encoding.UTF8.GetBytes(step[2..]));
            if (step[0] == 'k' && value is not JsonObject) throw new FormatException($"{step} has no keys");
            if (value is JsonObject key) value = new JsonObject(key.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => KeyValuePair.Create(k.Key, k.Value?.DeepClone())));
            return $"{step[..2]}{JsonText.SerializeToString(value)}";
        }
        catch (JsonException e)
        {
            throw new FormatException($"{step} is not a step of FieldsV1", e);
        }
    }

    /// <summary>As structured-merge-diff prints it: <c>.name</c>, <c>[key="value"]</c>, <c>[="value"]</c>.</summary>
    public static string Show(string step) => step[0] switch
    {
        'f' => $".{step[2..]}",
        'k' => $"[{string.Join(',', JsonText.ParseObject(System.Text.Encoding.UTF8.GetBytes(step[2..])).Select(k => $"{k.Key}={JsonText.SerializeToString(k.Value)}"))}]",
        _ => $"[={step[2..]}]",
    };

    private static IEnumerable<FieldStep> Fields(JsonObject map, StructuralSchema schema)
    {
        foreach (var (name, value) in map)
            yield return new FieldStep(name, false, value, schema.Field(name), schema.Properties.ContainsKey(name));
    }

    private static IEnumerable<FieldStep> Items(JsonArray list, StructuralSchema schema)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            // A second item with the same key has no name of its own: it shares the fate of the first.
            if (ToItem(item, schema) is { } step && seen.Add(step)) yield return new FieldStep(step, true, item, schema.Items ?? StructuralSchema.Any, false);
        }
    }
}
