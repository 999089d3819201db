using System.Text;
using System.Text.Json;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>
/// The annotation in which client-side <c>kubectl apply</c> remembers what it applied. An apply by <c>kubectl</c> keeps it true, so that one may go back;
/// and it takes over without conflict what the annotation shows to be its own (lastappliedmanager.go, lastappliedupdater.go).
/// </summary>
internal static class LastApplied
{
    public const string Owner = "kubectl";

    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    public static string? Read(JsonObject obj) => (obj["metadata"]?["annotations"] as JsonObject).Text(Annotation) is { Length: > 0 } text ? text : null;

    public static void Write(JsonObject obj, JsonObject config)
    {
        var remembered = config.Copy();
        if (remembered["metadata"]?["annotations"] is JsonObject annotations)
        {
            annotations.Remove(Annotation);
            if (annotations.Count == 0) remembered.Metadata().Remove("annotations");
        }
        var kept = (JsonObject)obj["metadata"]!["annotations"]!;
        // A whole line, as Go's encoder leaves it.
        kept[Annotation] = remembered.ToJsonString(JsonText.Readable) + "\n";
    }

    /// <summary>The conflicts that are left: fields that still have the value that was applied last may be changed.</summary>
    public static List<FieldConflict> Excuse(ResourceDefinition resource, string annotation, JsonObject live, List<FieldConflict> conflicts)
    {
        if (conflicts.Count == 0 || Parse(annotation) is not { } applied || applied.Text("apiVersion") != resource.ApiVersion) return conflicts;
        var changes = ObjectFieldSets.Between(applied, live, resource.Schema);
        var own = ObjectFieldSets.Mentioned(applied, resource.Schema).Except(changes.Written).Except(changes.Removed);
        return [.. conflicts.Select(c => c with { Fields = c.Fields.Except(own) }).Where(c => !c.Fields.IsEmpty)];
    }

    private static JsonObject? Parse(string annotation)
    {
        try { return JsonText.ParseObject(Encoding.UTF8.GetBytes(annotation)); }
        catch (JsonException) { return null; }
    }
}
