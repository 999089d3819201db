namespace Kontena.Standalone.Admission;

/// <summary>
/// What makes a CustomResourceDefinition one that can be served here. Its status is written with the definition itself: there
/// is no controller to wait for, so it is established once it is stored.
/// </summary>
internal static class CustomResourceDefinitionRules
{
    private static readonly string[] ScalePaths = ["specReplicasPath", "statusReplicasPath"];

    public static void Prepare(JsonObject crd)
    {
        if (crd["spec"] is not JsonObject spec) return;
        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (spec["names"] is not JsonObject names || names.Text("kind") is not { Length: > 0 } kind) return;
        names["singular"] ??= kind.ToLowerInvariant();
        names["listKind"] ??= $"{kind}List";
        if (!crd.IsDeleting() && !crd.Finalizers().Contains(DeletionFinalizers.CustomResources))
            crd.SetFinalizers([.. crd.Finalizers(), DeletionFinalizers.CustomResources]);
    }

    /// <summary>
    /// Sets the status that a definition has once it is accepted; whether it is, is judged later. A condition that already holds keeps its time.
    /// </summary>
    public static void Establish(JsonObject? old, JsonObject crd, DateTimeOffset now)
    {
        var spec = crd["spec"] as JsonObject ?? [];
        var stored = (old?["status"]?["storedVersions"] as JsonArray ?? []).Select(v => v.Text()).OfType<string>();
        var storage = CustomResources.Versions(spec).Where(v => v.Flag("storage")).Select(v => v.Text("name")).OfType<string>();
        crd["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(
                Condition(old, "NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition(old, "Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
            ["acceptedNames"] = spec["names"]?.DeepClone(),
            ["storedVersions"] = new JsonArray([.. stored.Union(storage).Select(v => (JsonNode?)v)]),
        };
    }

    /// <summary>Says in the status that the definition's objects are being deleted, and it with them.</summary>
    public static void Terminate(JsonObject crd, DateTimeOffset now) => (crd["status"]?["conditions"] as JsonArray)?.Add(
        (JsonNode)Condition(null, "Terminating", "InstanceDeletionInProgress", "CustomResource deletion is in progress", now));

    public static IEnumerable<FieldError> Validate(JsonObject? old, JsonObject crd)
    {
        var spec = crd["spec"] as JsonObject ?? [];
        var (group, plural) = (spec.Text("group") ?? "", spec["names"]?["plural"].Text() ?? "");
        var errors = new List<FieldError>();
        if (group.Length == 0) errors.Add(FieldError.Required("spec.group"));
        else if (!group.Contains('.', StringComparison.Ordinal) || ObjectNames.SubdomainFault(group) is not null)
            errors.Add(FieldError.Invalid("spec.group", group, "should be a domain with at least one dot"));
        errors.AddRange(Names(spec["names"] as JsonObject ?? []));
        if (old is null && crd.Name() != $"{plural}.{group}")
            errors.Add(FieldError.Invalid("metadata.name", crd.Name(), "must be spec.names.plural+\".\"+spec.group"));
        if (group.Length > 0 && BuiltInResources.All.Any(r => r.Group == group))
            errors.Add(FieldError.Invalid("spec.group", group, "is a group of the server itself"));
        if (spec["conversion"]?["strategy"].Text() is not "None")
            errors.Add(FieldError.NotSupported("spec.conversion.strategy", spec["conversion"]?["strategy"]?.DeepClone(), ["None"]));
        if (old is not null) errors.AddRange(Immutable((JsonObject)old["spec"]!, spec));
        errors.AddRange(Versions(old, spec));
        return errors;
    }

    private static IEnumerable<FieldError> Names(JsonObject names)
    {
        foreach (var field in (string[])["plural", "singular", "kind", "listKind"])
        {
            var name = names.Text(field) ?? "";
            // That plural and kind are there at all is the schema's to say.
            if (name.Length == 0 && (field is "singular" or "listKind" || names.ContainsKey(field))) yield return FieldError.Required($"spec.names.{field}");
            if (name.Length == 0) continue;
            if (ObjectNames.LabelFault(name.ToLowerInvariant()) is { } fault) yield return FieldError.Invalid($"spec.names.{field}", name, fault);
        }
        var shortNames = (names["shortNames"] as JsonArray ?? []).Select(n => n.Text() ?? "").ToList();
        for (var i = 0; i < shortNames.Count; i++)
        {
            if (ObjectNames.LabelFault(shortNames[i]) is { } fault) yield return FieldError.Invalid(FieldPath.Index("spec.names.shortNames", i), shortNames[i], fault);
        }
    }

    private static IEnumerable<FieldError> Immutable(JsonObject old, JsonObject spec)
    {
        foreach (var path in (string[])["group", "scope", "names.kind", "names.plural"])
        {
            var (was, now) = (FieldPath.Find(old, FieldPath.Names(path)), FieldPath.Find(spec, FieldPath.Names(path)));
            if (was.Text() != now.Text()) yield return FieldError.Invalid($"spec.{path}", now, "field is immutable");
        }
    }

    private static IEnumerable<FieldError> Versions(JsonObject? old, JsonObject spec)
    {
        var versions = CustomResources.Versions(spec).ToList();
        var names = versions.Select(v => v.Text("name") ?? "").ToList();
        if (versions.Count(v => v.Flag("storage")) != 1)
        {
            yield return FieldError.Invalid("spec.versions", null, "must have exactly one version marked as storage version");
            if (old is null) yield return FieldError.Invalid("status.storedVersions", null, "must have the storage version");
        }
        if (names.Distinct().Count() < names.Count) yield return FieldError.Invalid("spec.versions", null, "must contain unique version names");
        var stored = (old?["status"]?["storedVersions"] as JsonArray ?? []).Select(v => v.Text() ?? "").ToList();
        foreach (var (version, i) in stored.Select((v, i) => (v, i)).Where(v => !names.Contains(v.v)))
            yield return FieldError.Invalid(FieldPath.Index("status.storedVersions", i), version, "must appear in spec.versions");
        for (var i = 0; i < versions.Count; i++)
        {
            foreach (var error in Version(spec, versions[i], FieldPath.Index("spec.versions", i), versions.Count == 1)) yield return error;
        }
    }

    /// <summary>A lone version is judged as the top-level fields that it was in v1beta1, and named so.</summary>
    private static IEnumerable<FieldError> Version(JsonObject spec, JsonObject version, string path, bool alone)
    {
        if (ObjectNames.LabelFault(version.Text("name") ?? "") is { } fault)
        {
            yield return FieldError.Invalid($"{path}.name", version["name"], fault);
            if (alone) yield return FieldError.Invalid("spec.version", version["name"], fault);
        }
        var columns = (version["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        for (var i = 0; i < columns.Count; i++)
        {
            var column = FieldPath.Index($"{(alone ? "spec" : path)}.additionalPrinterColumns", i);
            if (columns[i].Text("type") is not ("boolean" or "date" or "integer" or "number" or "string"))
                yield return FieldError.Invalid($"{column}.type", columns[i]["type"], "must be one of boolean,date,integer,number,string");
            if (columns[i].Text("jsonPath")?.StartsWith('.') != true) yield return FieldError.Invalid($"{column}.JSONPath", columns[i]["jsonPath"], "must be a json path starting with .");
        }
        if (version["subresources"]?["scale"] is JsonObject scale)
        {
            foreach (var field in ScalePaths.Where(f => string.IsNullOrEmpty(scale.Text(f))))
                yield return FieldError.Required($"{(alone ? "spec" : path)}.subresources.scale.{field}");
        }
        if (version["schema"]?["openAPIV3Schema"] is not JsonObject schema)
        {
            yield return FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required");
            yield break;
        }
        var errors = StructuralSchemaRules.Validate(schema, alone ? "spec.validation.openAPIV3Schema" : $"{path}.schema.openAPIV3Schema").ToList();
        foreach (var error in errors) yield return error;
        if (errors.Count == 0 && columns.All(c => c.Text("jsonPath")?.StartsWith('.') == true) && Unreadable(spec, version) is { } reason)
            yield return FieldError.Invalid(path, version["name"], reason);
    }

    private static string? Unreadable(JsonObject spec, JsonObject version)
    {
        try
        {
            var alone = new JsonObject { ["spec"] = spec.DeepClone() };
            var served = version.Copy();
            served["served"] = true;
            alone["spec"]!["versions"] = new JsonArray(served);
            CustomResources.Read(alone);
            return null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            return e.Message;
        }
    }

    private static JsonObject Condition(JsonObject? old, string type, string reason, string message, DateTimeOffset now)
    {
        var same = (old?["status"]?["conditions"] as JsonArray ?? []).OfType<JsonObject>()
            .FirstOrDefault(c => c.Text("type") == type && c.Text("status") == "True");
        return same?.Copy() ?? new JsonObject
        {
            ["type"] = type,
            ["status"] = "True",
            ["lastTransitionTime"] = ObjectFields.Timestamp(now),
            ["reason"] = reason,
            ["message"] = message,
        };
    }
}
