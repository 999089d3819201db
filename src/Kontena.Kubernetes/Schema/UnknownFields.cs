using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Schema;

/// <summary>Finds fields that a structural schema does not know: typing errors, which the API server would drop or refuse.</summary>
public static class UnknownFields
{
    /// <returns>Paths such as <c>spec.provider.aws.regoin</c>, in the document's order.</returns>
    public static IReadOnlyList<string> In(JsonObject document, JsonObject schema) => [.. Find(document, schema, "")];

    private static IEnumerable<string> Find(JsonNode? node, JsonObject schema, string path)
    {
        if (schema["x-kubernetes-preserve-unknown-fields"] is not null) return [];
        return node switch
        {
            JsonObject map => map.SelectMany(p => Entry(p.Key, p.Value, schema, path)),
            JsonArray list when schema["items"] is JsonObject items => list.SelectMany((item, i) => Find(item, items, $"{path}[{i}]")),
            _ => [],
        };
    }

    private static IEnumerable<string> Entry(string key, JsonNode? value, JsonObject schema, string parent)
    {
        var path = parent.Length == 0 ? key : $"{parent}.{key}";
        // The API server checks metadata itself; a CRD's schema says nothing of it.
        if (path == "metadata") return [];
        if (schema["properties"]?[key] is JsonObject property) return Find(value, property, path);
        return schema["additionalProperties"] is JsonObject values ? Find(value, values, path) : [path];
    }
}
