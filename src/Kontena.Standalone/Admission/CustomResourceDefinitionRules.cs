using System.Text.Json.Nodes;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Json;
using Kontena.Standalone.Resources;

namespace Kontena.Standalone.Admission;

/// <summary>
/// What makes a CustomResourceDefinition one that can be served here. Its status is written with the definition itself: there
/// is no controller to wait for, so it is established once it is stored.
/// </summary>
internal static class CustomResourceDefinitionRules
{
    public static void Prepare(JsonObject crd)
    {
        if (crd["spec"] is not JsonObject spec) return;
        spec["conversion"] ??= new JsonObject { ["strategy"] = "None" };
        if (spec["names"] is not JsonObject names || names.Text("kind") is not { } kind) return;
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

    public static IEnumerable<FieldError> Validate(JsonObject? old, JsonObject crd)
    {
        var spec = crd["spec"] as JsonObject ?? [];
        var (group, plural) = (spec.Text("group") ?? "", spec["names"]?["plural"].Text() ?? "");
        var errors = new List<FieldError>();
        if (!group.Contains('.', StringComparison.Ordinal) || ObjectNames.SubdomainFault(group) is not null)
            errors.Add(FieldError.Invalid("spec.group", group, "should be a domain with at least one dot"));
        if (ObjectNames.LabelFault(plural) is { } fault) errors.Add(FieldError.Invalid("spec.names.plural", plural, fault));
        if (crd.Name() != $"{plural}.{group}")
            errors.Add(FieldError.Invalid("metadata.name", crd.Name(), "must be spec.names.plural+\".\"+spec.group"));
        if (BuiltInResources.All.Any(r => r.Group == group))
            errors.Add(FieldError.Invalid("spec.group", group, "is a group of the server itself"));
        if (spec["conversion"]?["strategy"].Text() is not "None")
            errors.Add(FieldError.NotSupported("spec.conversion.strategy", spec["conversion"]?["strategy"]?.DeepClone(), ["None"]));
        if (old is not null) errors.AddRange(Immutable((JsonObject)old["spec"]!, spec));
        errors.AddRange(Versions(spec));
        return errors;
    }

    private static IEnumerable<FieldError> Immutable(JsonObject old, JsonObject spec)
    {
        if (old.Text("scope") != spec.Text("scope")) yield return FieldError.Invalid("spec.scope", spec["scope"], "field is immutable");
        if (old["names"]?["kind"].Text() != spec["names"]?["kind"].Text()) yield return FieldError.Invalid("spec.names.kind", spec["names"]?["kind"], "field is immutable");
    }

    private static IEnumerable<FieldError> Versions(JsonObject spec)
    {
        var versions = CustomResources.Versions(spec).ToList();
        if (versions.Count(v => v.Flag("storage")) != 1)
            yield return FieldError.Invalid("spec.versions", null, "must have exactly one version marked as storage version");
        for (var i = 0; i < versions.Count; i++)
        {
            var path = FieldPath.Index("spec.versions", i);
            if (ObjectNames.LabelFault(versions[i].Text("name") ?? "") is { } fault) yield return FieldError.Invalid($"{path}.name", versions[i]["name"], fault);
            if (versions[i]["schema"]?["openAPIV3Schema"] is not JsonObject schema)
            {
                yield return FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required");
                continue;
            }
            foreach (var error in Structural(schema, $"{path}.schema.openAPIV3Schema")) yield return error;
            if (Unreadable(spec, versions[i]) is { } reason) yield return FieldError.Invalid(path, versions[i]["name"], reason);
        }
    }

    /// <summary>kubernetes.io, "Specifying a structural schema": every node outside of junctors has a type, unless it is int-or-string or keeps unknown fields.</summary>
    private static IEnumerable<FieldError> Structural(JsonObject schema, string path)
    {
        if (schema.Text("type") is null && !schema.Flag("x-kubernetes-int-or-string") && !schema.Flag("x-kubernetes-preserve-unknown-fields"))
            yield return FieldError.Required($"{path}.type", "must not be empty for specified object fields");
        foreach (var (name, child) in schema["properties"] as JsonObject ?? [])
        {
            if (child is not JsonObject property) continue;
            foreach (var error in Structural(property, $"{path}.properties[{name}]")) yield return error;
        }
        foreach (var name in (string[])["items", "additionalProperties"])
        {
            if (schema[name] is not JsonObject child) continue;
            foreach (var error in Structural(child, $"{path}.{name}")) yield return error;
        }
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
