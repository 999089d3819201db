using Kontena.Standalone.Schema;
using Kontena.Standalone.Tables;

namespace Kontena.Standalone.Resources;

/// <summary>Reads the resources that a CustomResourceDefinition defines, one for each served version.</summary>
internal static class CustomResources
{
    /// <exception cref="FormatException">A printer column's jsonPath is not supported.</exception>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static IReadOnlyList<ResourceDefinition> Read(JsonObject crd)
    {
        var spec = crd["spec"] as JsonObject ?? [];
        return [.. Versions(spec).Where(v => v.Flag("served")).Select(v => Read(spec, v) with { Terminating = crd.IsDeleting() })];
    }

    public static IEnumerable<JsonObject> Versions(JsonObject spec) => (spec["versions"] as JsonArray ?? []).OfType<JsonObject>();

    private static ResourceDefinition Read(JsonObject spec, JsonObject version)
    {
        var names = spec["names"] as JsonObject ?? [];
        var kind = names.Text("kind") ?? "";
        var schema = version["schema"]?["openAPIV3Schema"] as JsonObject ?? [];
        var subresources = version["subresources"] as JsonObject;
        return new ResourceDefinition
        {
            Group = spec.Text("group") ?? "",
            Version = version.Text("name") ?? "",
            Kind = kind,
            ListKind = names.Text("listKind") ?? $"{kind}List",
            Plural = names.Text("plural") ?? "",
            Singular = names.Text("singular") ?? kind.ToLowerInvariant(),
            ShortNames = Texts(names["shortNames"]),
            Categories = Texts(names["categories"]),
            Namespaced = spec.Text("scope") == "Namespaced",
            Schema = StructuralSchema.ReadRoot(schema, CoreSchemas.ObjectMeta),
            SchemaDocument = CoreSchemas.AsRoot(schema),
            Columns = CustomColumns.Read(version["additionalPrinterColumns"] as JsonArray),
            BuiltIn = false,
            HasGeneration = true,
            OnlyVersion = Versions(spec).Count() == 1,
            StoredSchema = Versions(spec).FirstOrDefault(v => v.Flag("storage")) is { } storage && storage.Text("name") != version.Text("name")
                ? StructuralSchema.ReadRoot(storage["schema"]?["openAPIV3Schema"] as JsonObject ?? [], CoreSchemas.ObjectMeta)
                : null,
            HasStatus = subresources?["status"] is not null,
            Scale = subresources?["scale"] is JsonObject scale
                ? new ScalePaths(scale.Text("specReplicasPath") ?? "", scale.Text("statusReplicasPath") ?? "", scale.Text("labelSelectorPath"))
                : null,
        };
    }

    private static IReadOnlyList<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(n => n.Text()).OfType<string>()];
}
