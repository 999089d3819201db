using System.Globalization;

namespace Kontena.Standalone.Json;

/// <summary>The fields that every Kubernetes object has, read from and written to the document.</summary>
internal static class ObjectFields
{
    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static string? Text(this JsonObject? parent, string name) => parent?[name].Text();

    public static bool Flag(this JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static long? Integer(this JsonNode? node)
    {
        if (node is not JsonValue value) return null;
        if (value.TryGetValue<long>(out var whole)) return whole;
        if (value.TryGetValue<int>(out var small)) return small;
        return value.TryGetValue<double>(out var real) && Math.Abs(real) < 1e15 && Math.Floor(real) == real ? (long)real : null;
    }

    /// <summary>metadata; made when it is missing or is not an object.</summary>
    public static JsonObject Metadata(this JsonObject obj)
    {
        if (obj["metadata"] is JsonObject metadata) return metadata;
        metadata = [];
        obj["metadata"] = metadata;
        return metadata;
    }

    public static string Name(this JsonObject obj) => obj.MetadataText("name");

    public static string Uid(this JsonObject obj) => obj.MetadataText("uid");

    public static string ResourceVersion(this JsonObject obj) => obj.MetadataText("resourceVersion");

    public static bool IsDeleting(this JsonObject obj) => obj.MetadataText("deletionTimestamp").Length > 0;

    public static string MetadataText(this JsonObject obj, string name) => (obj["metadata"] as JsonObject).Text(name) ?? "";

    public static IReadOnlyList<string> Finalizers(this JsonObject obj) =>
        obj["metadata"]?["finalizers"] is JsonArray list ? [.. list.Select(Text).OfType<string>()] : [];

    public static void SetFinalizers(this JsonObject obj, IReadOnlyCollection<string> finalizers)
    {
        if (finalizers.Count == 0) obj.Metadata().Remove("finalizers");
        else obj.Metadata()["finalizers"] = new JsonArray([.. finalizers.Select(f => (JsonNode?)f)]);
    }

    public static IEnumerable<JsonObject> OwnerReferences(this JsonObject obj) =>
        obj["metadata"]?["ownerReferences"] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>RFC 3339 in whole seconds, as metav1.Time is written.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(this JsonNode? node) =>
        DateTimeOffset.TryParse(node.Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static JsonObject Copy(this JsonObject obj) => (JsonObject)obj.DeepClone();
}
