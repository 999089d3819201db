using System.Text.Json.Nodes;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Json;
using Kontena.Standalone.Resources;
using Kontena.Standalone.Schema;

namespace Kontena.Standalone.FieldOwnership;

/// <summary>Checks a configuration before it is merged: what its schema does not know cannot be owned (typed/validate.go).</summary>
internal static class AppliedConfiguration
{
    /// <exception cref="StatusException">400: another kind, or managers in the configuration; 500, as in Kubernetes: it does not fit the schema.</exception>
    public static void Check(ResourceDefinition resource, JsonObject config)
    {
        var (version, kind) = (config.Text("apiVersion") ?? "", config.Text("kind") ?? "");
        if (version != resource.ApiVersion || kind != resource.Kind)
            throw Fault.BadRequest($"invalid object type: {(version.Contains('/', StringComparison.Ordinal) ? version : $"/{version}")}, Kind={kind}");
        if ((config["metadata"] as JsonObject)?.ContainsKey("managedFields") == true) throw Fault.BadRequest("metadata.managedFields must be nil");
        var errors = new List<string>();
        Check(config, resource.Schema, "", errors);
        if (errors.Count > 0) throw Fault.Untyped(resource, config, errors);
    }

    private static void Check(JsonNode? value, StructuralSchema schema, string path, List<string> errors)
    {
        if (value is null) return;
        var expected = schema.Type switch
        {
            "object" => value is JsonObject ? null : "map",
            "array" => value is JsonArray ? null : "list",
            "string" => value.Text() is not null ? null : "string",
            "integer" or "number" => ValueLimits.Number(value) is not null ? null : "numeric (int or float)",
            "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False ? null : "boolean",
            _ => null,
        };
        if (expected is not null)
        {
            errors.Add($"{path}: expected {expected}, got {value.GetValueKind().ToString().ToLowerInvariant()}");
            return;
        }
        if (value is JsonArray list && schema.ItemsApart) CheckItems(list, schema, path, errors);
        else if (value is JsonArray plain && schema.Items is { } items) foreach (var (i, item) in plain.Index()) Check(item, items, FieldPath.Index(path, i), errors);
        foreach (var (name, inner) in value as JsonObject ?? [])
        {
            if (schema.Properties.Count > 0 && !schema.Properties.ContainsKey(name) && schema is { AdditionalProperties: null, AllowsAnyProperty: false, PreserveUnknownFields: false })
                errors.Add($"{path}.{name}: field not declared in schema");
            else Check(inner, schema.Field(name), $"{path}.{name}", errors);
        }
    }

    private static void CheckItems(JsonArray list, StructuralSchema schema, string path, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, item) in list.Index())
        {
            if (FieldStep.ToItem(item, schema) is not { } step) errors.Add($"{path}: element {i}: an item needs a value, or at least one of the keys [{string.Join(' ', schema.ItemKeys)}]");
            else if (!seen.Add(step)) errors.Add($"{path}: duplicate entries for key {FieldStep.Show(step)}");
            else Check(item, schema.Items ?? StructuralSchema.Any, path + FieldStep.Show(step), errors);
        }
    }
}
