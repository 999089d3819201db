using Kontena.Standalone.Admission;
using Kontena.Standalone.FieldOwnership;

namespace Kontena.Standalone.Verbs;

/// <summary>
/// PUT and PATCH, on an object or its status. Both are a change of what is stored, read and written under the one write lock,
/// so that a patch without a resourceVersion never conflicts.
/// </summary>
internal sealed class Update(ObjectStore store, ObjectAdmission admission, TimeProvider time)
{
    /// <summary>
    /// Stores what <paramref name="change"/> makes of a copy of the stored object, and returns it (for a dry run: as it would be).
    /// With <paramref name="requireVersion"/> the wanted object must say which version it was made from.
    /// </summary>
    public Task<JsonObject> ApplyAsync(
        ResourceDefinition resource, ObjectKey key, string? subresource, Func<JsonObject, RequestObject> change, bool requireVersion,
        WriteOptions options, CancellationToken ct) =>
        store.WriteAsync(transaction =>
        {
            var stored = transaction.Get(key) ?? throw Fault.NotFound(resource, key.Name);
            var old = StoredVersions.Convert(stored, resource);
            var wanted = change(old.Copy());
            // Through a subresource nobody writes managers.
            var asked = subresource is null ? wanted.AskedManagers : null;
            ObjectAdmission.Normalise(resource, wanted.Object, wanted.Duplicates, options);
            CheckIdentity(resource, key, old, wanted.Object, requireVersion);
            var updated = Combine(resource, old, wanted.Object, subresource);
            (wanted.Managers ?? new Ownership(resource, subresource ?? "", time.GetUtcNow())
                .AfterUpdate(FieldManagers.Wanted(asked, old, resource.BuiltIn), old, updated, options.Manager)).WriteTo(updated, old);
            admission.Validate(resource, old, updated, subresource);
            if (!resource.BuiltIn) options.Warnings.AddRange(MetadataRules.FinalizerWarnings(old, updated));
            if (JsonNode.DeepEquals(old, updated)) return old;
            return Write(transaction, resource, key, old, updated, options.DryRun);
        }, ct);

    private static JsonObject Write(StoreTransaction transaction, ResourceDefinition resource, ObjectKey key, JsonObject old, JsonObject updated, bool dryRun)
    {
        if (resource.HasGeneration && SpecChanged(resource, old, updated))
            updated.Metadata()["generation"] = (old["metadata"]!["generation"].Integer() ?? 0) + 1;
        if (dryRun) return updated;
        if (Deletion.IsDue(updated)) transaction.Delete(key, updated);
        else transaction.Put(key, updated);
        return updated;
    }

    private static void CheckIdentity(ResourceDefinition resource, ObjectKey key, JsonObject old, JsonObject wanted, bool requireVersion)
    {
        if (wanted.Name() != key.Name)
            throw Fault.BadRequest($"the name of the object ({wanted.Name()}) does not match the name on the URL ({key.Name})");
        if (resource.Namespaced && wanted.MetadataText("namespace") is { Length: > 0 } ns && ns != key.Namespace)
            throw Fault.BadRequest($"the namespace of the object ({ns}) does not match the namespace on the URL ({key.Namespace})");
        if (wanted.Uid().Length > 0 && wanted.Uid() != old.Uid())
            throw Fault.OtherUid(resource, key.Name, wanted.Uid(), old.Uid());
        if (!old.IsDeleting() && wanted.IsDeleting())
            throw Fault.Invalid(resource, key.Name, [FieldError.Invalid("metadata.deletionTimestamp", wanted["metadata"]!["deletionTimestamp"], "field is immutable; may only be changed via deletion")]);
        var version = wanted.ResourceVersion();
        if (version.Length == 0 && requireVersion)
            throw Fault.Invalid(resource.Group, resource.Plural, key.Name, [FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update")]);
        if (version.Length > 0 && version != old.ResourceVersion()) throw Fault.Modified(resource, key.Name);
    }

    /// <summary>Takes from the wanted object only what this endpoint may write; the rest stays as it was.</summary>
    private JsonObject Combine(ResourceDefinition resource, JsonObject old, JsonObject wanted, string? subresource)
    {
        if (subresource == "status")
        {
            var withStatus = old.Copy();
            Take("status", wanted, withStatus);
            return withStatus;
        }
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"])
            Take(name, old.Metadata(), wanted.Metadata());
        if (resource.HasStatus) Take("status", old, wanted);
        // A namespace's own finalizers go through its finalize subresource only, which is the collector's here.
        if (resource == BuiltInResources.Namespace) Take("spec", old, wanted);
        if (resource == BuiltInResources.CustomResourceDefinition && wanted["spec"] is JsonObject && !old.IsDeleting())
            CustomResourceDefinitionRules.Establish(old, wanted, time.GetUtcNow());
        return wanted;
    }

    private static void Take(string name, JsonObject from, JsonObject into)
    {
        if (from.TryGetPropertyValue(name, out var value)) into[name] = value?.DeepClone();
        else into.Remove(name);
    }

    /// <summary>Everything but metadata counts, and but a status that is written apart: a kind without a spec has generations too.</summary>
    private static bool SpecChanged(ResourceDefinition resource, JsonObject old, JsonObject updated) =>
        old.Select(p => p.Key).Union(updated.Select(p => p.Key))
            .Where(name => name != "metadata" && !(name == "status" && resource.HasStatus))
            .Any(name => !JsonNode.DeepEquals(old[name], updated[name]));
}
