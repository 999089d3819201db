using Kontena.Standalone.Admission;
using Kontena.Standalone.FieldOwnership;
using Kontena.Standalone.Verbs;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone.GarbageCollection;

/// <summary>
/// Visits one object and does what is due: deletes it when all its owners are gone, forgets owners that are gone when others
/// are left, and takes off the finalizers that are the collector's own once what they wait for is done.
/// </summary>
internal sealed class GarbageCollector(ObjectStore store, CurrentCatalog catalog, Deletion deletion, ILogger<GarbageCollector> log)
{
    public async Task VisitAsync(ObjectKey key, CancellationToken ct)
    {
        if (store.Read(r => r.Get(key)) is not { } stored || catalog.Value.FindStored(key.Resource) is not { } resource) return;
        var obj = JsonText.ParseObject(stored.Json);
        if (obj.IsDeleting()) await FinishDeletionAsync(resource, key, obj, ct);
        else if (obj.OwnerReferences().Any()) await JudgeOwnersAsync(resource, key, obj.Uid(), ct);
    }

    private async Task FinishDeletionAsync(ResourceDefinition resource, ObjectKey key, JsonObject obj, CancellationToken ct)
    {
        if (resource == BuiltInResources.Namespace && await EmptiedAsync(null, key.Name, ct))
            await ReleaseAsync(key, obj.Uid(), o => o["spec"] = new JsonObject(), ct);
        if (obj.Finalizers().Contains(DeletionFinalizers.CustomResources) && await EmptiedAsync(key.Name, null, ct))
            await ReleaseAsync(key, obj.Uid(), DeletionFinalizers.CustomResources, ct);
        if (obj.Finalizers().Contains(DeletionFinalizers.Orphan))
        {
            foreach (var dependent in Dependents(key, obj.Uid())) await DisownAsync(dependent, obj.Uid(), ct);
            await ReleaseAsync(key, obj.Uid(), DeletionFinalizers.Orphan, ct);
        }
        if (obj.Finalizers().Contains(DeletionFinalizers.Foreground) && await DependentsGoneAsync(key, obj.Uid(), ct))
            await ReleaseAsync(key, obj.Uid(), DeletionFinalizers.Foreground, ct);
    }

    /// <summary>All owners gone: delete. Some gone: forget those. Decided and done in one transaction, so that an owner cannot come or go between.</summary>
    private async Task JudgeOwnersAsync(ResourceDefinition resource, ObjectKey key, string uid, CancellationToken ct)
    {
        var deleted = await store.WriteAsync(transaction =>
        {
            if (transaction.Get(key) is not { } obj || obj.Uid() != uid || obj.IsDeleting()) return false;
            var owners = obj.OwnerReferences().Select(o => o.Text("uid") ?? "").ToList();
            var gone = owners.Where(owner => !transaction.OwnerExists(owner, key.Namespace)).ToHashSet();
            if (gone.Count == 0) return false;
            if (gone.Count < owners.Count)
            {
                RemoveOwners(obj, gone);
                Put(transaction, key, obj);
                return false;
            }
            deletion.Delete(transaction, resource, key, DeleteParameters.Plain);
            return true;
        }, ct);
        if (deleted) log.LogInformation("Deleted {Resource} {Namespace}/{Name}: its owners are gone", key.Resource, key.Namespace, key.Name);
    }

    /// <summary>Deletes all objects of a resource or a namespace; true when none is left.</summary>
    private async Task<bool> EmptiedAsync(string? groupResource, string? ns, CancellationToken ct)
    {
        var contents = store.Read(r => r.Contents(groupResource, ns));
        foreach (var key in contents) await DeleteAsync(key, Propagation.Background, ct);
        return contents.Count == 0 || store.Read(r => r.Contents(groupResource, ns)).Count == 0;
    }

    /// <summary>Deletes what depends on an object; true when nothing is left that blocks its deletion.</summary>
    private async Task<bool> DependentsGoneAsync(ObjectKey owner, string uid, CancellationToken ct)
    {
        var blocked = false;
        foreach (var key in Dependents(owner, uid))
        {
            if (store.Read(r => r.Get(key)) is not { } stored) continue;
            var dependent = JsonText.ParseObject(stored.Json);
            var propagation = Dependents(key, dependent.Uid()).Any() ? Propagation.Foreground : Propagation.Background;
            var gone = await DeleteAsync(key, propagation, ct);
            blocked |= !gone && dependent.OwnerReferences().Any(o => o.Text("uid") == uid && o.Flag("blockOwnerDeletion"));
        }
        return !blocked;
    }

    private async Task<bool> DeleteAsync(ObjectKey key, Propagation propagation, CancellationToken ct)
    {
        if (catalog.Value.FindStored(key.Resource) is not { } resource) return false;
        try
        {
            return (await deletion.DeleteAsync(resource, key, DeleteParameters.Plain with { Propagation = propagation }, ct)).Gone;
        }
        catch (StatusException e) when (e.Reason == "NotFound")
        {
            return true;
        }
    }

    private IEnumerable<ObjectKey> Dependents(ObjectKey owner, string uid) =>
        store.Read(r => r.Dependents(uid)).Where(d => owner.Namespace.Length == 0 || d.Namespace == owner.Namespace);

    private Task<bool> DisownAsync(ObjectKey key, string owner, CancellationToken ct) => store.WriteAsync(transaction =>
    {
        if (transaction.Get(key) is not { } obj) return false;
        RemoveOwners(obj, [owner]);
        Put(transaction, key, obj);
        return true;
    }, ct);

    private static void RemoveOwners(JsonObject obj, HashSet<string> owners)
    {
        var left = obj.OwnerReferences().Where(o => !owners.Contains(o.Text("uid") ?? "")).Select(o => o.Copy()).ToArray();
        if (left.Length == 0) obj.Metadata().Remove("ownerReferences");
        else obj.Metadata()["ownerReferences"] = new JsonArray(left);
    }

    private Task<bool> ReleaseAsync(ObjectKey key, string uid, string finalizer, CancellationToken ct) =>
        ReleaseAsync(key, uid, obj => obj.SetFinalizers([.. obj.Finalizers().Where(f => f != finalizer)]), ct);

    private Task<bool> ReleaseAsync(ObjectKey key, string uid, Action<JsonObject> release, CancellationToken ct) => store.WriteAsync(transaction =>
    {
        if (transaction.Get(key) is not { } obj || obj.Uid() != uid) return false;
        release(obj);
        if (Deletion.IsDue(obj)) transaction.Delete(key, obj);
        else Put(transaction, key, obj);
        return true;
    }, ct);

    private void Put(StoreTransaction transaction, ObjectKey key, JsonObject obj)
    {
        if (catalog.Value.FindStored(key.Resource) is { } resource) Ownership.Forget(resource, obj);
        transaction.Put(key, obj);
    }
}
