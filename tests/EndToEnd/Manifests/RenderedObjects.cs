using System.Text.Json.Nodes;

namespace Kontena.EndToEnd.Manifests;

/// <summary>Reading of rendered objects.</summary>
internal static class RenderedObjects
{
    public static string Kind(this JsonObject document) => document["kind"]!.GetValue<string>();

    public static string Name(this JsonObject document) => document["metadata"]!["name"]!.GetValue<string>();

    public static string? Namespace(this JsonObject document) => document["metadata"]!["namespace"]?.GetValue<string>();

    /// <summary>As in the messages of a test: <c>Role kontena-system/kontena-operator-own</c>.</summary>
    public static string Title(this JsonObject document) => $"{document.Kind()} {(document.Namespace() is { } ns ? $"{ns}/" : "")}{document.Name()}";

    public static IEnumerable<JsonObject> OfKind(this IEnumerable<JsonObject> documents, params string[] kinds) => documents.Where(d => kinds.Contains(d.Kind()));

    public static JsonObject Only(this IEnumerable<JsonObject> documents, string kind) => documents.OfKind(kind).Single();

    /// <summary>Of everything that makes pods.</summary>
    public static IEnumerable<JsonObject> PodTemplates(this IEnumerable<JsonObject> documents) =>
        documents.Select(d => d.Kind() == "CronJob" ? d["spec"]?["jobTemplate"]?["spec"]?["template"] : d["spec"]?["template"])
            .OfType<JsonObject>().Where(t => t["spec"]?["containers"] is not null);

    public static IReadOnlyDictionary<string, string> Texts(this JsonNode? map) =>
        (map as JsonObject ?? []).ToDictionary(e => e.Key, e => e.Value!.ToString(), StringComparer.Ordinal);

    public static IReadOnlyList<string> Strings(this JsonNode? list) => [.. (list as JsonArray ?? []).Select(i => i!.ToString())];
}
