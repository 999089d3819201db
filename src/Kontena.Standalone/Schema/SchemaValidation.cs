using System.Globalization;

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
        var fits = HasType(node, schema, path, errors);
        if (schema.Enum is { } allowed && !allowed.Any(value => JsonNode.DeepEquals(value, node)))
            errors.Add(FieldError.NotSupported(path, node, allowed));
        if (!fits) return;
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
        FieldError.TypeInvalid(path, actual, $"{path} in body must be of type {wanted}: \"{actual}\"") with { OfShape = true };

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
        if (schema.AnyOf.Count > 0) Choose(schema.AnyOf, fitting => fitting > 0, _ => "must validate at least one schema (anyOf)");
        if (schema.OneOf.Count > 0)
        {
            Choose(schema.OneOf, fitting => fitting == 1, fitting => string.Create(CultureInfo.InvariantCulture,
                $"must validate one and only one schema (oneOf). Found {(fitting == 0 ? "none valid" : $"{fitting} valid alternatives")}"));
        }
        if (schema.Not is { } not && Faults(not).Count == 0) Report("must not validate the schema (not)");

        void Choose(IEnumerable<StructuralSchema> alternatives, Func<int, bool> enough, Func<int, string> complaint)
        {
            var faults = alternatives.Select(Faults).ToList();
            var fitting = faults.Count(f => f.Count == 0);
            if (enough(fitting)) return;
            Report(complaint(fitting));
            // What is wrong with the alternative that comes nearest, as kube-openapi tells it.
            if (fitting == 0) errors.AddRange(faults.MinBy(f => f.Count)!);
        }

        void Report(string what) => errors.Add(FieldError.Invalid(path, "", $"\"{path}\" {what}") with { Field = FieldError.Unnamed });

        List<FieldError> Faults(StructuralSchema alternative)
        {
            var faults = new List<FieldError>();
            Validate(node, alternative, path, faults);
            return faults;
        }
    }
}
