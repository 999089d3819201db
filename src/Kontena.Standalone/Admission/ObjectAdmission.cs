using Kontena.Standalone.Schema;

namespace Kontena.Standalone.Admission;

/// <summary>An object on its way into the store: first made whole (pruned, defaulted), then judged.</summary>
internal sealed class ObjectAdmission(IObjectRules rules)
{
    /// <summary>Checks that the document is of this resource, removes what its schema does not know, fills in defaults. <paramref name="duplicates"/> are the paths of names that the request gave twice.</summary>
    public static void Normalise(ResourceDefinition resource, JsonObject obj, IReadOnlyCollection<string> duplicates, WriteOptions options)
    {
        CheckType(resource, obj);
        if (obj["metadata"] is not (null or JsonObject)) throw Undecodable(resource, "metadata must be of type object");
        // Whoever writes reads before what the request says of managers, and writes the outcome after all else.
        obj.Metadata().Remove("managedFields");
        obj.Metadata().Remove("selfLink");
        var unknown = Pruning.Prune(obj, resource.Schema);
        ReportFields(resource, duplicates, unknown, options);
        FillTextMaps(obj.Metadata(), "labels", "annotations");
        if (resource.BuiltIn) FillTextMaps(obj, "data", "stringData", "binaryData");
        Defaulting.Apply(obj, resource.Schema);
        if (resource.StoredSchema is { } stored)
        {
            Pruning.Prune(obj, stored);
            Defaulting.Apply(obj, stored);
        }
        RemoveMetadata(obj, value => value is null);
        CheckFieldTypes(resource, obj);
        // Labels, annotations, finalizers and owners are "omitempty" in ObjectMeta: the last one out leaves no empty field behind.
        RemoveMetadata(obj, value => value is JsonObject { Count: 0 } or JsonArray { Count: 0 });
        CoreKindRules.Prepare(resource, obj);
    }

    /// <exception cref="StatusException">422, with every cause.</exception>
    public void Validate(ResourceDefinition resource, JsonObject? old, JsonObject obj, string? subresource)
    {
        var errors = new List<FieldError>(MetadataRules.Validate(resource, old, obj));
        if (old is not null) errors.AddRange(MetadataRules.ValidateFinalizersOfDeleted(old, obj));
        errors.AddRange(SchemaValidation.Validate(obj, resource.Schema).Where(e => !Ratcheting.Tolerates(e, old, obj)));
        errors.AddRange(CoreKindRules.Validate(resource, old, obj));
        if (errors.Count == 0 && !resource.BuiltIn)
        {
            errors.AddRange(rules.Check(resource.Group, resource.Kind, old, obj, subresource)
                .Select(v => new FieldError(v.Path, v.Reason, $"Invalid value: {v.Message}")));
        }
        if (errors.Count > 0) throw Fault.Invalid(resource, obj.Name(), errors);
    }

    private static void RemoveMetadata(JsonObject obj, Func<JsonNode?, bool> which)
    {
        foreach (var name in obj.Metadata().Where(p => which(p.Value)).Select(p => p.Key).ToList()) obj.Metadata().Remove(name);
    }

    /// <summary>In Go a null among texts is an empty text.</summary>
    private static void FillTextMaps(JsonObject parent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parent[name] is not JsonObject map) continue;
            foreach (var key in map.Where(p => p.Value is null).Select(p => p.Key).ToList()) map[key] = "";
        }
    }

    private static void CheckType(ResourceDefinition resource, JsonObject obj)
    {
        // The decoder of a built-in kind knows what it decodes.
        if (resource.BuiltIn)
        {
            obj["apiVersion"] ??= resource.ApiVersion;
            obj["kind"] ??= resource.Kind;
        }
        var (apiVersion, kind) = (obj.Text("apiVersion"), obj.Text("kind"));
        if (string.IsNullOrEmpty(kind)) throw Fault.BadRequest("Object 'Kind' is missing in the request body");
        if (apiVersion != resource.ApiVersion)
            throw Fault.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({resource.ApiVersion})");
        if (kind == resource.Kind) return;
        // A built-in kind fails to decode; a custom one is read as anything and then judged, under the kind that it claims.
        if (!resource.BuiltIn) throw Fault.Invalid(resource.Group, kind, obj.Name(), [FieldError.Invalid("kind", kind, $"must be {resource.Kind}")]);
        throw Fault.BadRequest($"{kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: the kind does not match the resource");
    }

    private static void ReportFields(ResourceDefinition resource, IReadOnlyCollection<string> duplicates, IReadOnlyList<string> unknown, WriteOptions options)
    {
        List<string> faults = [.. duplicates.Select(f => $"duplicate field \"{f}\""), .. unknown.Select(f => $"unknown field \"{f}\"")];
        if (faults.Count == 0) return;
        if (options.FieldValidation == FieldValidation.Strict)
            throw Undecodable(resource, $"strict decoding error: {string.Join(", ", faults)}");
        if (options.FieldValidation == FieldValidation.Warn) options.Warnings.AddRange(faults);
    }

    /// <summary>In Go these fields are typed: a wrong type fails to decode (400) before anything is validated (422).</summary>
    private static void CheckFieldTypes(ResourceDefinition resource, JsonObject obj)
    {
        var schema = resource.BuiltIn ? resource.Schema : new StructuralSchema { Properties = new Dictionary<string, StructuralSchema> { ["metadata"] = CoreSchemas.ObjectMeta } };
        var wrong = SchemaValidation.Validate(obj, schema).FirstOrDefault(e => e.Reason == FieldError.TypeInvalidReason);
        // A Secret's values stay out of messages, which clients log.
        if (wrong is not null) throw Undecodable(resource, resource == BuiltInResources.Secret ? $"{wrong.Path} has the wrong type or format" : wrong.ToString());
    }

    private static StatusException Undecodable(ResourceDefinition resource, string why) =>
        new(400, "BadRequest", $"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {why}") { Undecodable = true };
}
