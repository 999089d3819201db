using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>The objects and the rules of writing them: versions, generations, finalizers, the status subresource. Guarded by the API's lock.</summary>
internal sealed class ObjectTable(ObjectLog log, TimeProvider time)
{
    private readonly SortedDictionary<(string Kind, ObjectKey Key), JsonObject> objects = [];
    private int created;

    public bool CollectsGarbage { get; set; }

    public JsonObject Get(KindShape kind, ObjectKey key) => Find(kind, key) ?? throw Fault.NotFound($"{kind.Name} \"{key}\"");

    public JsonObject? Find(KindShape kind, ObjectKey key) => objects.GetValueOrDefault((kind.Name, key));

    public IEnumerable<JsonObject> All(string kind) => objects.Where(entry => entry.Key.Kind == kind).Select(entry => entry.Value);

    public JsonObject Create(KindShape kind, JsonObject body, bool dryRun)
    {
        var result = (JsonObject)body.DeepClone();
        var metadata = result["metadata"] as JsonObject ?? throw Fault.Invalid("metadata is missing");
        created++;
        if (Meta.Text(metadata, "name") is null or "")
            metadata["name"] = Meta.Text(metadata, "generateName") is { } prefix ? $"{prefix}{created:x5}" : throw Fault.Invalid("metadata.name: Required value");
        if (kind.Namespaced != (Meta.Text(metadata, "namespace") is { Length: > 0 })) throw Fault.BadRequest($"{kind.Name}: the namespace is {(kind.Namespaced ? "missing" : "not allowed")}");
        if (Meta.Text(metadata, "resourceVersion") is { Length: > 0 }) throw Fault.BadRequest("resourceVersion should not be set on objects to be created");
        var key = Meta.Key(result);
        if (Find(kind, key) is not null) throw Fault.AlreadyExists($"{kind.Name} \"{key}\"");
        result["apiVersion"] = kind.ApiVersion;
        result["kind"] = kind.Kind;
        if (kind.HasStatus) result.Remove("status");
        metadata["uid"] = new Guid(created, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 1]).ToString();
        metadata["creationTimestamp"] = Now();
        metadata.Remove("deletionTimestamp");
        if (kind.HasStatus) metadata["generation"] = 1L;
        if (dryRun) return result;
        Store(kind, null, result);
        // Made for an owner that went meanwhile: the collector finds it by its absence.
        if (CollectsGarbage && Owners(result) is { Count: > 0 } owners && !objects.Values.Any(o => owners.Contains(Meta.Text(Meta.Of(o), "uid")))) Delete(kind, key, new DeleteQuery());
        return result;
    }

    /// <summary>PUT, and the end of every patch.</summary>
    public JsonObject Replace(KindShape kind, JsonObject current, JsonObject wanted, string? subresource, bool dryRun)
    {
        var given = Meta.Of(wanted);
        var held = Meta.Of(current);
        if (Meta.Text(given, "resourceVersion") is { Length: > 0 } version && version != Meta.Text(held, "resourceVersion")) throw Fault.Conflict($"{kind.Name} \"{Meta.Key(current)}\"");
        if (Meta.Text(given, "uid") is { Length: > 0 } uid && uid != Meta.Text(held, "uid")) throw Fault.Conflict($"{kind.Name} \"{Meta.Key(current)}\": the UID in the precondition differs");
        var result = Combine(kind, current, wanted, subresource);
        if (JsonNode.DeepEquals(result, current)) return current;
        if (Meta.IsBeingDeleted(current) && Meta.Finalizers(result).Except(Meta.Finalizers(current)).Any())
            throw Fault.Invalid("metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted");
        if (current["immutable"]?.GetValue<bool>() == true && !SameContent(current, result)) throw Fault.Invalid("data: Forbidden: field is immutable when `immutable` is set");
        if (kind.HasStatus && !SameContent(current, result)) Meta.Of(result)["generation"] = Generation(current) + 1;
        if (dryRun) return result;
        if (Meta.IsBeingDeleted(result) && Meta.Finalizers(result).Count == 0) Erase(kind, current, result);
        else Store(kind, current, result);
        return result;
    }

    /// <returns>What is left; null where the object is gone.</returns>
    public JsonObject? Delete(KindShape kind, ObjectKey key, DeleteQuery query)
    {
        var current = Get(kind, key);
        var metadata = Meta.Of(current);
        if (query.Uid is { } uid && uid != Meta.Text(metadata, "uid")) throw Fault.Conflict($"{kind.Name} \"{key}\": the UID in the precondition differs");
        if (query.ResourceVersion is { } version && version != Meta.Text(metadata, "resourceVersion")) throw Fault.Conflict($"{kind.Name} \"{key}\"");
        var result = (JsonObject)current.DeepClone();
        if (Meta.Finalizers(current).Count == 0)
        {
            if (!query.DryRun) Erase(kind, current, result);
            return null;
        }
        if (Meta.IsBeingDeleted(current)) return current;
        Meta.Of(result)["deletionTimestamp"] = Now();
        if (kind.HasStatus) Meta.Of(result)["generation"] = Generation(current) + 1;
        if (!query.DryRun) Store(kind, current, result);
        return result;
    }

    private static JsonObject Combine(KindShape kind, JsonObject current, JsonObject wanted, string? subresource)
    {
        var result = (JsonObject)(subresource is null ? wanted : current).DeepClone();
        if (subresource is not (null or "status")) throw Fault.NotFound($"{kind.Name}/{subresource}");
        if (subresource == "status" && !kind.HasStatus) throw Fault.NotFound($"{kind.Name}/status");
        if (kind.HasStatus)
        {
            result.Remove("status");
            if ((subresource is null ? current : wanted)["status"] is { } status) result["status"] = status.DeepClone();
        }
        result["apiVersion"] = kind.ApiVersion;
        result["kind"] = kind.Kind;
        if (result["metadata"] is not JsonObject metadata) result["metadata"] = metadata = [];
        foreach (var own in (string[])["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp"])
        {
            metadata.Remove(own);
            if (Meta.Of(current)[own] is { } value) metadata[own] = value.DeepClone();
        }
        return result;
    }

    private void Store(KindShape kind, JsonObject? before, JsonObject after)
    {
        Meta.Of(after)["resourceVersion"] = log.NextVersion().ToString(CultureInfo.InvariantCulture);
        objects[(kind.Name, Meta.Key(after))] = after;
        log.Append(kind.Name, before, after);
    }

    private void Erase(KindShape kind, JsonObject before, JsonObject last)
    {
        Meta.Of(last)["resourceVersion"] = log.NextVersion().ToString(CultureInfo.InvariantCulture);
        objects.Remove((kind.Name, Meta.Key(before)));
        // The watch sends the last state with the version of the deletion.
        log.Append(kind.Name, last, null);
        if (CollectsGarbage) CollectDependents(Meta.Text(Meta.Of(before), "uid"));
    }

    private void CollectDependents(string? owner)
    {
        foreach (var ((name, key), dependent) in objects.ToList())
        {
            var owners = Owners(dependent);
            if (!owners.Contains(owner) || objects.Values.Any(o => owners.Contains(Meta.Text(Meta.Of(o), "uid")))) continue;
            if (!objects.ContainsKey((name, key))) continue;
            var shape = new KindShape(name, dependent["apiVersion"]!.GetValue<string>(), dependent["kind"]!.GetValue<string>(), key.Namespace.Length > 0, Meta.Of(dependent)["generation"] is not null);
            Delete(shape, key, new DeleteQuery());
        }
    }

    private static List<string?> Owners(JsonObject resource) => [.. (Meta.Of(resource)["ownerReferences"] as JsonArray ?? []).Select(o => o!["uid"]!.GetValue<string>())];

    /// <summary>Whether all but metadata and status is the same.</summary>
    private static bool SameContent(JsonObject one, JsonObject other)
    {
        var left = one.Count(field => IsContent(field.Key));
        return left == other.Count(field => IsContent(field.Key)) && one.All(field => !IsContent(field.Key) || (other.TryGetPropertyValue(field.Key, out var value) && JsonNode.DeepEquals(field.Value, value)));
    }

    private static bool IsContent(string field) => field is not ("metadata" or "status");

    private static long Generation(JsonObject resource) => Meta.Of(resource)["generation"]?.GetValue<long>() ?? 0;

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
