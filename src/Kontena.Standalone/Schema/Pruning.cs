namespace Kontena.Standalone.Schema;

/// <summary>Removes the fields that a schema does not know.</summary>
internal static class Pruning
{
    /// <summary>Prunes in place and returns the paths of what was removed.</summary>
    public static IReadOnlyList<string> Prune(JsonNode? node, StructuralSchema schema)
    {
        var removed = new List<string>();
        Prune(node, schema, "", removed);
        return removed;
    }

    private static void Prune(JsonNode? node, StructuralSchema schema, string path, List<string> removed)
    {
        switch (node)
        {
            case JsonObject obj:
                foreach (var (name, value) in obj.ToList())
                {
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } child)
                    {
                        Prune(value, child, FieldPath.Child(path, name), removed);
                    }
                    else if (!schema.PreserveUnknownFields && !schema.AllowsAnyProperty)
                    {
                        obj.Remove(name);
                        removed.Add(FieldPath.Child(path, name));
                    }
                }
                break;
            case JsonArray list when schema.Items is { } items:
                for (var i = 0; i < list.Count; i++) Prune(list[i], items, FieldPath.Index(path, i), removed);
                break;
        }
    }
}
