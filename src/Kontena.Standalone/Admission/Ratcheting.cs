using System.Globalization;

namespace Kontena.Standalone.Admission;

/// <summary>
/// Validation ratcheting (on by default since Kubernetes 1.30): after a CRD became stricter, a value that was already stored
/// and does not change is left in peace, so that finalizers and labels of old objects can still be written.
/// </summary>
internal static class Ratcheting
{
    public static bool Tolerates(FieldError error, JsonObject? old, JsonObject obj)
    {
        if (old is null || error.Path.Length == 0) return false;
        var steps = Steps(error.Path);
        // A missing field is judged by the object that misses it.
        if (error.Reason == "FieldValueRequired") steps = steps[..^1];
        return steps.Length > 0 && Find(old, steps) is { } before && JsonNode.DeepEquals(before, Find(obj, steps));
    }

    private static string[] Steps(string path) =>
        path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);

    private static JsonNode? Find(JsonNode? node, IEnumerable<string> steps)
    {
        foreach (var step in steps)
        {
            node = node switch
            {
                JsonObject parent => parent[step],
                JsonArray list when step is ['[', .. var index, ']'] && int.Parse(index, CultureInfo.InvariantCulture) is var at && at < list.Count => list[at],
                _ => null,
            };
        }
        return node;
    }
}
