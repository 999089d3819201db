using Kontena.Standalone.Schema;

namespace Kontena.Standalone.Resources;

/// <summary>The schemas of metadata and of the core kinds: one embedded document, used for pruning, types and OpenAPI alike.</summary>
internal static class CoreSchemas
{
    private static readonly JsonObject Documents = Load();

    public static StructuralSchema ObjectMeta { get; } = StructuralSchema.Read((JsonObject)Documents[nameof(ObjectMeta)]!);

    public static JsonObject Document(string kind) => AsRoot((JsonObject)Documents[kind]!);

    /// <summary>The schema of a whole object with Kubernetes' own apiVersion, kind and metadata in it.</summary>
    public static JsonObject AsRoot(JsonObject schema)
    {
        var root = schema.Copy();
        var properties = new JsonObject();
        foreach (var (name, value) in (JsonObject)Documents["Root"]!) properties[name] = value!.DeepClone();
        properties["metadata"] = Documents[nameof(ObjectMeta)]!.DeepClone();
        foreach (var (name, value) in root["properties"] as JsonObject ?? [])
        {
            if (!properties.ContainsKey(name)) properties[name] = value?.DeepClone();
        }
        root["type"] = "object";
        root["properties"] = properties;
        return root;
    }

    private static JsonObject Load()
    {
        using var stream = typeof(CoreSchemas).Assembly.GetManifestResourceStream("core-schemas.json")
            ?? throw new InvalidOperationException("core-schemas.json is not in the assembly.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return JsonText.ParseObject(buffer.ToArray());
    }
}
