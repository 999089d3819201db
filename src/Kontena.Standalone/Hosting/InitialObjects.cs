using Kontena.Standalone.Admission;
using Kontena.Standalone.Verbs;

namespace Kontena.Standalone.Hosting;

/// <summary>What exists before the first request: two namespaces, whose UIDs are those of the first start, and the CRDs of the options.</summary>
internal sealed class InitialObjects(ObjectStore store, Creation creation, Update update)
{
    public async Task EnsureAsync(IReadOnlyList<JsonObject> crds, CancellationToken ct)
    {
        foreach (var name in (string[])["default", "kube-system"])
        {
            if (Stored(BuiltInResources.Namespace, name) is null) await CreateAsync(BuiltInResources.Namespace, Namespace(name), ct);
        }
        foreach (var crd in crds) await EnsureAsync(crd.Copy(), ct);
    }

    private async Task EnsureAsync(JsonObject crd, CancellationToken ct)
    {
        var resource = BuiltInResources.CustomResourceDefinition;
        try
        {
            if (Stored(resource, crd.Name()) is null) await CreateAsync(resource, crd, ct);
            else await update.ApplyAsync(resource, resource.Key(null, crd.Name()), null, current => Merge(current, crd), false, Options(), ct);
        }
        catch (StatusException e)
        {
            throw new ArgumentException($"The CustomResourceDefinition {crd.Name()} cannot be served: {e.Message}", e);
        }
    }

    /// <summary>The given spec, labels and annotations over the stored ones. Equal ones make no write.</summary>
    private static RequestObject Merge(JsonObject current, JsonObject crd)
    {
        current["spec"] = crd["spec"]?.DeepClone();
        foreach (var field in (string[])["labels", "annotations"])
        {
            foreach (var (key, value) in crd["metadata"]?[field] as JsonObject ?? [])
            {
                if (current.Metadata()[field] is not JsonObject map) current.Metadata()[field] = map = [];
                map[key] = value?.DeepClone();
            }
        }
        return new RequestObject(current, []);
    }

    private Task<JsonObject> CreateAsync(ResourceDefinition resource, JsonObject obj, CancellationToken ct) =>
        creation.CreateAsync(resource, null, new RequestObject(obj, []), Options(), ct);

    private JsonObject? Stored(ResourceDefinition resource, string name) =>
        store.Read(r => r.Get(resource.Key(null, name))) is { } stored ? JsonText.ParseObject(stored.Json) : null;

    private static WriteOptions Options() => new(false, FieldValidation.Ignore, "kontena-standalone");

    private static JsonObject Namespace(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Namespace",
        ["metadata"] = new JsonObject { ["name"] = name },
    };
}
