using System.Text;

namespace Kontena.Standalone.Admission;

/// <summary>The rules on metadata that hold for every kind.</summary>
internal static class MetadataRules
{
    private const int AnnotationBytes = 256 << 10;

    public static IEnumerable<FieldError> Validate(ResourceDefinition resource, JsonObject? old, JsonObject obj) =>
        [.. Name(resource, old, obj), .. Labels(obj), .. Annotations(obj), .. Owners(obj), .. Finalizers(resource, obj)];

    /// <summary>While an object is being deleted finalizers only go: a new one could keep it for ever.</summary>
    public static IEnumerable<FieldError> ValidateFinalizersOfDeleted(JsonObject old, JsonObject obj)
    {
        if (!old.IsDeleting()) return [];
        var added = obj.Finalizers().Except(old.Finalizers()).ToList();
        return added.Count == 0 ? [] :
        [
            FieldError.Forbidden("metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(f => $"\"{f}\""))}}}"),
        ];
    }

    private static IEnumerable<FieldError> Name(ResourceDefinition resource, JsonObject? old, JsonObject obj)
    {
        // The prefix is judged as a name that goes on after it.
        var prefix = obj.MetadataText("generateName");
        if (old is null && prefix.Length > 0 && NameFault(resource, prefix.EndsWith('-') ? prefix[..^1] + "a" : prefix) is { } prefixFault)
            yield return FieldError.Invalid("metadata.generateName", prefix, prefixFault);
        var name = obj.Name();
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
            yield break;
        }
        if (NameFault(resource, name) is { } fault) yield return FieldError.Invalid("metadata.name", name, fault);
    }

    private static string? NameFault(ResourceDefinition resource, string name)
    {
        if (resource == BuiltInResources.Namespace) return ObjectNames.LabelFault(name);
        return resource == BuiltInResources.Event ? ObjectNames.PathSegmentFault(name) : ObjectNames.SubdomainFault(name);
    }

    private static IEnumerable<FieldError> Labels(JsonObject obj)
    {
        foreach (var (key, value) in obj["metadata"]?["labels"] as JsonObject ?? [])
        {
            if (ObjectNames.QualifiedFault(key) is { } fault) yield return FieldError.Invalid("metadata.labels", key, fault);
            if (ObjectNames.LabelValueFault(value.Text() ?? "") is { } valueFault) yield return FieldError.Invalid("metadata.labels", value, valueFault);
        }
    }

    private static IEnumerable<FieldError> Annotations(JsonObject obj)
    {
        var size = 0;
        foreach (var (key, value) in obj["metadata"]?["annotations"] as JsonObject ?? [])
        {
            if (ObjectNames.QualifiedFault(key.ToLowerInvariant()) is { } fault) yield return FieldError.Invalid("metadata.annotations", key, fault);
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.Text() ?? "");
        }
        if (size > AnnotationBytes) yield return FieldError.TooLong("metadata.annotations", AnnotationBytes);
    }

    private static IEnumerable<FieldError> Owners(JsonObject obj)
    {
        var owners = obj.OwnerReferences().ToList();
        foreach (var owner in owners)
        {
            foreach (var field in (string[])["apiVersion", "kind", "name", "uid"])
            {
                if (string.IsNullOrEmpty(owner.Text(field)))
                    yield return FieldError.Invalid($"metadata.ownerReferences.{field}", "", $"{(field == "apiVersion" ? "version" : field)} must not be empty");
            }
        }
        if (owners.Any(o => o.Text("kind") == "Event" && o.Text("apiVersion") == "v1"))
            yield return FieldError.Invalid("metadata.ownerReferences", obj["metadata"]!["ownerReferences"], "/v1, Kind=Event is disallowed from being an owner");
        if (owners.Count(o => o.Flag("controller")) > 1)
            yield return FieldError.Invalid("metadata.ownerReferences", obj["metadata"]!["ownerReferences"], "Only one reference can have Controller set to true");
    }

    private static IEnumerable<FieldError> Finalizers(ResourceDefinition resource, JsonObject obj)
    {
        for (var i = 0; i < obj.Finalizers().Count; i++)
        {
            var finalizer = obj.Finalizers()[i];
            if (ObjectNames.QualifiedFault(finalizer) is { } fault) yield return FieldError.Invalid("metadata.finalizers", finalizer, fault);
            else if (resource.BuiltIn && IsPlain(finalizer))
                yield return FieldError.Invalid(FieldPath.Index("metadata.finalizers", i), finalizer, "name is neither a standard finalizer name nor is it fully qualified");
        }
        var both = obj.Finalizers().Contains(DeletionFinalizers.Orphan) && obj.Finalizers().Contains(DeletionFinalizers.Foreground);
        if (both) yield return FieldError.Invalid("metadata.finalizers", obj["metadata"]!["finalizers"], "finalizers orphan and foregroundDeletion cannot be both set");
    }

    /// <summary>What a server says of finalizers that it takes, though another name would be better.</summary>
    public static IEnumerable<string> FinalizerWarnings(JsonObject? old, JsonObject obj) => obj.Finalizers().Except(old?.Finalizers() ?? []).Where(IsPlain)
        .Select(f => $"metadata.finalizers: \"{f}\": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers");

    private static bool IsPlain(string finalizer) =>
        finalizer is not (DeletionFinalizers.Orphan or DeletionFinalizers.Foreground or DeletionFinalizers.NamespaceContents) && !finalizer.Contains('/', StringComparison.Ordinal) && finalizer != DeletionFinalizers.CustomResources;
}

/// <summary>Finalizers that the garbage collector takes off itself.</summary>
internal static class DeletionFinalizers
{
    public const string Foreground = "foregroundDeletion";
    public const string Orphan = "orphan";

    /// <summary>On every CRD: holds it until its objects are gone.</summary>
    public const string CustomResources = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>In a Namespace's spec.finalizers: holds it until it is empty.</summary>
    public const string NamespaceContents = "kubernetes";
}
