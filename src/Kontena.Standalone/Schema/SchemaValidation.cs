using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Json;

namespace Kontena.Standalone.Schema;

/// <summary>Checks a document against a schema, in the words of apiextensions-apiserver.</summary>
internal static class SchemaValidation
{
    public static IReadOnlyList<FieldError> Validate(JsonNode? node, StructuralSchema schema)
    {
        var errors = new List<FieldError>();
        Validate(node, schema, "", errors);
        return errors;
    }

    private static void Validate(JsonNode? node, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (node is null)
        {
            if (!schema.Nullable && (schema.Type is not null || schema.IntOrString))
                errors.Add(WrongType(path, schema.IntOrString ? "integer,string" : schema.Type!, "null"));
            return;
        }
        if (!HasType(node, schema, path, errors)) return;
        if (schema.Enum is { } allowed && !allowed.Any(value => JsonNode.DeepEquals(value, node)))
            errors.Add(FieldError.NotSupported(path, node, allowed));
        ScalarValidation.Validate(node, schema.Limits, path, errors);
        if (node is JsonObject obj) ValidateObject(obj, schema, path, errors);
        if (node is JsonArray list) ValidateList(list, schema, path, errors);
        ValidateJunctors(node, schema, path, errors);
    }

    private static bool HasType(JsonNode node, StructuralSchema schema, string path, List<FieldError> errors)
    {
        var actual = TypeOf(node);
        var fits = schema.IntOrString
            ? actual is "integer" or "string"
            : schema.Type is null || schema.Type == actual || (schema.Type == "number" && actual == "integer");
        if (!fits) errors.Add(WrongType(path, schema.IntOrString ? "integer,string" : schema.Type!, actual));
        return fits;
    }

    private static FieldError WrongType(string path, string wanted, string actual) =>
        FieldError.TypeInvalid(path, actual, $"{path} in body must be of type {wanted}: \"{actual}\"");

    private static string TypeOf(JsonNode node) => node switch
    {
        JsonObject => "object",
        JsonArray => "array",
        JsonValue value when value.TryGetValue<string>(out _) => "string",
        JsonValue value when value.TryGetValue<bool>(out _) => "boolean",
        // 3.0 is an integer in JSON, as kube-openapi has it.
        JsonValue value when value.Integer() is not null => "integer",
        _ => "number",
    };

    private static void ValidateObject(JsonObject obj, StructuralSchema schema, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Required.Where(name => !obj.ContainsKey(name)))
            errors.Add(FieldError.Required(FieldPath.Child(path, name)));
        if (schema.Limits.MinProperties is { } least && obj.Count < least)
            errors.Add(FieldError.Invalid(path, obj.Count, $"{path} in body should have at least {least} properties"));
        if (schema.Limits.MaxProperties is { } most && obj.Count > most)
            errors.Add(FieldError.TooMany(path, obj.Count, most));
        foreach (var (name, value) in obj)
        {
            if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } child)
                Validate(value, child, FieldPath.Child(path, name), errors);
        }
    }

    private static void ValidateList(JsonArray list, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (schema.Limits.MinItems is { } least && list.Count < least)
            errors.Add(FieldError.Invalid(path, list.Count, $"{path} in body should have at least {least} items"));
        if (schema.Limits.MaxItems is { } most && list.Count > most)
            errors.Add(FieldError.TooMany(path, list.Count, most));
        if (schema.Limits.UniqueItems && HasDuplicates(list))
            errors.Add(FieldError.Invalid(path, list.DeepClone(), $"{path} in body shouldn't contain duplicates"));
        for (var i = 0; i < list.Count && schema.Items is not null; i++)
            Validate(list[i], schema.Items, FieldPath.Index(path, i), errors);
        if (schema.ListType is "set" or "map") FindDuplicates(list, schema, path, errors);
    }

    private static void FindDuplicates(JsonArray list, StructuralSchema schema, string path, List<FieldError> errors)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var key = schema.ListType == "set" ? list[i] : MapKey(list[i] as JsonObject, schema);
            if (!seen.Add(JsonText.SerializeToString(key))) errors.Add(FieldError.Duplicate(FieldPath.Index(path, i), key));
        }
    }

    private static JsonObject MapKey(JsonObject? item, StructuralSchema schema)
    {
        var key = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            if (item?[name] is { } value) key[name] = value.DeepClone();
        }
        return key;
    }

    private static bool HasDuplicates(JsonArray list) =>
        list.Select(JsonText.SerializeToString).Distinct().Count() < list.Count;

    private static void ValidateJunctors(JsonNode node, StructuralSchema schema, string path, List<FieldError> errors)
    {
        foreach (var part in schema.AllOf) Validate(node, part, path, errors);
        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(s => Fits(node, s)))
            errors.Add(FieldError.Invalid(path, node, $"\"{path}\" must validate at least one schema (anyOf)"));
        if (schema.OneOf.Count > 0)
        {
            var fitting = schema.OneOf.Count(s => Fits(node, s));
            if (fitting != 1)
                errors.Add(FieldError.Invalid(path, node, string.Create(CultureInfo.InvariantCulture,
                    $"\"{path}\" must validate one and only one schema (oneOf). Found {(fitting == 0 ? "none valid" : $"{fitting} valid alternatives")}")));
        }
        if (schema.Not is { } not && Fits(node, not))
            errors.Add(FieldError.Invalid(path, node, $"\"{path}\" must not validate the schema (not)"));
    }

    private static bool Fits(JsonNode node, StructuralSchema schema) => Validate(node, schema).Count == 0;
}
