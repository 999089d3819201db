using System.Globalization;

namespace Kontena.Standalone.Json;

/// <summary>Paths as Kubernetes prints them: <c>spec.ports[0].name</c>.</summary>
internal static class FieldPath
{
    public static string Child(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Index(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The names of a plain path such as <c>.spec.replicas</c>, the form that a CRD's scale paths have.</summary>
    public static string[] Names(string simplePath) => simplePath.Split('.', StringSplitOptions.RemoveEmptyEntries);

    public static JsonNode? Find(JsonNode? node, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (node is not JsonObject parent) return null;
            node = parent[name];
        }
        return node;
    }

    public static void Set(JsonObject root, ReadOnlySpan<string> names, JsonNode? value)
    {
        var parent = root;
        foreach (var name in names[..^1])
        {
            if (parent[name] is not JsonObject child) parent[name] = child = [];
            parent = child;
        }
        parent[names[^1]] = value;
    }
}
