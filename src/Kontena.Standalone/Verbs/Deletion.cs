using Kontena.Standalone.Admission;

namespace Kontena.Standalone.Verbs;

/// <summary>The outcome of a deletion: the object, and whether it is gone or only marked.</summary>
internal sealed record Deleted(JsonObject Object, bool Gone);

/// <summary>DELETE of one object, for clients and for the garbage collector alike.</summary>
internal sealed class Deletion(ObjectStore store, TimeProvider time)
{
    public Task<Deleted> DeleteAsync(ResourceDefinition resource, ObjectKey key, DeleteParameters parameters, CancellationToken ct) =>
        store.WriteAsync(transaction => Delete(transaction, resource, key, parameters), ct);

    public Deleted Delete(StoreTransaction transaction, ResourceDefinition resource, ObjectKey key, DeleteParameters parameters)
    {
        var obj = StoredVersions.Convert(transaction.Get(key) ?? throw Fault.NotFound(resource, key.Name), resource);
        CheckPreconditions(resource, key, obj, parameters);
        if (resource == BuiltInResources.Namespace && key.Name is "default" or "kube-system")
            throw Fault.Forbidden(resource, key.Name, "this namespace may not be deleted");
        // A second delete changes nothing: the object already waits for its finalizers.
        if (obj.IsDeleting()) return new Deleted(obj, false);

        var finalizers = obj.Finalizers().Except([DeletionFinalizers.Foreground, DeletionFinalizers.Orphan]).ToList();
        if (parameters.Propagation == Propagation.Foreground) finalizers.Add(DeletionFinalizers.Foreground);
        if (parameters.Propagation == Propagation.Orphan) finalizers.Add(DeletionFinalizers.Orphan);
        obj.SetFinalizers(finalizers);
        Mark(resource, obj);
        var due = IsDue(obj);
        if (parameters.DryRun) return new Deleted(obj, due);
        if (due) transaction.Delete(key, obj);
        else transaction.Put(key, obj);
        return new Deleted(obj, due);
    }

    /// <summary>Whether an object that is being deleted has nothing left to wait for.</summary>
    public static bool IsDue(JsonObject obj) =>
        obj.IsDeleting() && obj.Finalizers().Count == 0 && !(obj.Text("kind") == "Namespace" && obj["spec"]?["finalizers"] is JsonArray { Count: > 0 });

    private static void CheckPreconditions(ResourceDefinition resource, ObjectKey key, JsonObject obj, DeleteParameters parameters)
    {
        if (parameters.Uid is { } uid && uid != obj.Uid()) throw Fault.Precondition(resource, key.Name, "UID", uid, obj.Uid());
        if (parameters.ResourceVersion is { } version && version != obj.ResourceVersion())
            throw Fault.Precondition(resource, key.Name, "ResourceVersion", version, obj.ResourceVersion());
    }

    private void Mark(ResourceDefinition resource, JsonObject obj)
    {
        var metadata = obj.Metadata();
        metadata["deletionTimestamp"] = ObjectFields.Timestamp(time.GetUtcNow());
        metadata["deletionGracePeriodSeconds"] = 0;
        if (resource.HasGeneration) metadata["generation"] = (metadata["generation"].Integer() ?? 0) + 1;
        if (resource == BuiltInResources.Namespace) obj["status"] = new JsonObject { ["phase"] = "Terminating" };
        if (resource == BuiltInResources.CustomResourceDefinition) Admission.CustomResourceDefinitionRules.Terminate(obj, time.GetUtcNow());
    }
}
