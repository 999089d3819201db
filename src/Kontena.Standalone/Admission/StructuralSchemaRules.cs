using Kontena.Standalone.Schema;

namespace Kontena.Standalone.Admission;

/// <summary>What a schema in a CustomResourceDefinition must be (kubernetes.io, "Specifying a structural schema").</summary>
internal static class StructuralSchemaRules
{
    private static readonly JsonNode?[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    public static IEnumerable<FieldError> Validate(JsonObject schema, string path)
    {
        if (schema.Text("type") is { } type and not "object") yield return FieldError.Invalid($"{path}.type", type, "must be object at the root");
        foreach (var error in Node(schema, path)) yield return error;
    }

    private static IEnumerable<FieldError> Node(JsonObject schema, string path)
    {
        if (schema.ContainsKey("$ref"))
        {
            yield return FieldError.Forbidden($"{path}.$ref", "$ref is not supported");
            yield break;
        }
        foreach (var error in Own(schema, path).Concat(Default(schema, path))) yield return error;
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is not JsonObject property) continue;
            foreach (var error in Node(property, $"{path}.properties[{name}]")) yield return error;
        }
        foreach (var name in (string[])["items", "additionalProperties"])
        {
            if (schema[name] is not JsonObject child) continue;
            foreach (var error in Node(child, $"{path}.{name}")) yield return error;
        }
    }

    private static IEnumerable<FieldError> Own(JsonObject schema, string path)
    {
        var type = schema.Text("type");
        if (type is null && !schema.Flag("x-kubernetes-int-or-string") && !schema.Flag("x-kubernetes-preserve-unknown-fields"))
            yield return FieldError.Required($"{path}.type", "must not be empty for specified object fields");
        if (type is not null && !Types.Any(t => t.Text() == type)) yield return FieldError.NotSupported($"{path}.type", type, Types);
        if (type == "array" && schema["items"] is not JsonObject) yield return FieldError.Required($"{path}.items", "must be specified");
        if (schema["properties"] is JsonObject { Count: > 0 } && schema["additionalProperties"] is JsonObject)
            yield return FieldError.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        if (schema.Flag("uniqueItems")) yield return FieldError.Forbidden($"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        if (schema.Text("x-kubernetes-list-type") == "map" && schema["x-kubernetes-list-map-keys"] is not JsonArray { Count: > 0 })
            yield return FieldError.Required($"{path}.x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        if (schema.Text("pattern") is { } pattern && PatternFault(pattern) is { } fault) yield return FieldError.Invalid($"{path}.pattern", pattern, fault);
    }

    private static IEnumerable<FieldError> Default(JsonObject schema, string path)
    {
        if (schema["default"] is not { } value || (schema.Text("pattern") is { } pattern && PatternFault(pattern) is not null)) return [];
        var own = schema.Copy();
        own.Remove("default");
        var read = StructuralSchema.Read(own);
        // Defaults further down fill in what this one leaves out.
        var whole = value.DeepClone();
        Defaulting.Apply(whole, read);
        return SchemaValidation.Validate(whole, read).Select(e => e with { Path = $"{path}.default{(e.Path.Length == 0 ? "" : "." + e.Path)}" }).Select(e => e with { Field = e.Path });
    }

    private static string? PatternFault(string pattern)
    {
        try
        {
            ValueLimits.Compile(pattern);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }
}
