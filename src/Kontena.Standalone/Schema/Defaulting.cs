namespace Kontena.Standalone.Schema;

/// <summary>
/// Fills in defaults. A null where the schema is not nullable counts as absent: it takes the default, or goes
/// (kubernetes.io, "Defaulting and Nullable").
/// </summary>
internal static class Defaulting
{
    public static void Apply(JsonNode? node, StructuralSchema schema)
    {
        switch (node)
        {
            case JsonObject obj:
                foreach (var (name, child) in schema.Properties) ApplyProperty(obj, name, child);
                if (schema.AdditionalProperties is { } values)
                {
                    foreach (var name in obj.Select(p => p.Key).Where(k => !schema.Properties.ContainsKey(k)).ToList())
                        ApplyProperty(obj, name, values, onlyPresent: true);
                }
                break;
            case JsonArray list when schema.Items is { } items:
                foreach (var item in list) Apply(item, items);
                break;
        }
    }

    private static void ApplyProperty(JsonObject obj, string name, StructuralSchema schema, bool onlyPresent = false)
    {
        var present = obj.TryGetPropertyValue(name, out var value);
        if (value is null && (!present || !schema.Nullable))
        {
            if (schema.Default is not null && (present || !onlyPresent)) obj[name] = schema.Default.DeepClone();
            else obj.Remove(name);
        }
        Apply(obj[name], schema);
    }
}
