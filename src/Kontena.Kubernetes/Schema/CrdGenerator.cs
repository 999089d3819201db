using System.Text.Json.Nodes;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// Turns the record of a spec, and what a <see cref="ISchemaSource"/> knows of it, into a CustomResourceDefinition
/// (<c>apiextensions.k8s.io/v1</c>). The same types give the same document, to the order of its fields.
/// </summary>
public sealed class CrdGenerator(ISchemaSource source)
{
    /// <exception cref="NotSupportedException">A property's type has no place in a structural schema.</exception>
    public JsonObject Generate(Type spec)
    {
        var resource = source.Resource(spec);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{resource.Plural}.{resource.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = resource.Group,
                ["names"] = Names(resource),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(resource, spec)),
            },
        };
    }

    private static JsonObject Names(ResourceFacts resource) => new()
    {
        ["kind"] = resource.Kind,
        ["listKind"] = resource.Kind + "List",
        ["plural"] = resource.Plural,
        ["singular"] = resource.Kind.ToLowerInvariant(),
        ["shortNames"] = new JsonArray([.. resource.ShortNames.Select(n => JsonValue.Create(n))]),
        ["categories"] = new JsonArray([.. resource.Categories.Select(n => JsonValue.Create(n))]),
    };

    private JsonObject Version(ResourceFacts resource, Type spec) => new()
    {
        ["name"] = resource.Version,
        ["served"] = true,
        ["storage"] = true,
        ["subresources"] = Subresources(resource.Scale),
        ["additionalPrinterColumns"] = new JsonArray([.. resource.Columns.Select(Column)]),
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = Root(resource, spec) },
    };

    private static JsonObject Subresources(ScaleFacts? scale)
    {
        var subresources = new JsonObject { ["status"] = new JsonObject() };
        if (scale is not null)
            subresources["scale"] = new JsonObject
            {
                ["specReplicasPath"] = scale.SpecReplicasPath,
                ["statusReplicasPath"] = scale.StatusReplicasPath,
                ["labelSelectorPath"] = scale.LabelSelectorPath,
            };
        return subresources;
    }

    private static JsonObject Column(PrinterColumn column)
    {
        var entry = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Description is { } description) entry["description"] = description;
        if (column.Priority > 0) entry["priority"] = column.Priority;
        return entry;
    }

    private JsonObject Root(ResourceFacts resource, Type spec)
    {
        var generator = new SchemaGenerator(source);
        var status = generator.Object(resource.Status, "What the operator observed. Losing it loses nothing: it is observed again.");
        // kstatus reads an object whose observedGeneration is behind as "in progress": a newborn never looks finished.
        status["default"] = new JsonObject { ["observedGeneration"] = -1 };
        var root = new JsonObject
        {
            ["description"] = resource.Description,
            ["type"] = "object",
            ["required"] = new JsonArray("spec"),
            ["properties"] = new JsonObject
            {
                ["apiVersion"] = Text($"Group and version of this object's form: {resource.Group}/{resource.Version}."),
                ["kind"] = Text($"Kind of the object: {resource.Kind}."),
                ["metadata"] = Metadata(resource.NameRule),
                ["spec"] = generator.Object(spec, "What is asked for."),
                ["status"] = status,
            },
        };
        if (resource.NameRule is { } rule) RuleWriter.Add(root, [rule with { FieldPath = ".metadata.name" }]);
        return root;
    }

    // The API server checks metadata itself and lets a CRD speak of names only. Without the property a rule could not
    // blame the name, and its answer would name no field at all ("<nil>").
    private static JsonObject Metadata(CelRule? nameRule)
    {
        var metadata = new JsonObject { ["type"] = "object" };
        if (nameRule is not null) metadata["properties"] = new JsonObject { ["name"] = new JsonObject { ["type"] = "string" } };
        return metadata;
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}
