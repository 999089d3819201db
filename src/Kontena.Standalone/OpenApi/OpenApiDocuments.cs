using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kontena.Standalone.OpenApi;

/// <summary>
/// The OpenAPI v3 documents of one catalog, one a group version: enough for <c>kubectl apply</c> (which looks for a patch
/// that takes fieldValidation) and <c>kubectl explain</c> (which reads the schemas).
/// </summary>
internal sealed class OpenApiDocuments(ResourceCatalog catalog)
{
    private static readonly IReadOnlyList<string> PatchParameters = ["dryRun", "fieldManager", "fieldValidation"];

    private readonly ConcurrentDictionary<string, byte[]> documents = new();

    public ResourceCatalog Catalog => catalog;

    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var path in catalog.All.Select(r => r.GroupVersionPath).Distinct().Order(StringComparer.Ordinal))
        {
            // kubectl keeps documents by this URL: the hash makes it ask again when the content differs.
            var hash = Convert.ToHexString(SHA256.HashData(Document(path)!));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }
        return new JsonObject { ["paths"] = paths };
    }

    /// <summary>Null when nothing is served at this path.</summary>
    public byte[]? Document(string groupVersionPath)
    {
        if (documents.TryGetValue(groupVersionPath, out var known)) return known;
        var resources = catalog.All.Where(r => r.GroupVersionPath == groupVersionPath).ToList();
        return resources.Count == 0 ? null : documents.GetOrAdd(groupVersionPath, JsonText.Serialize(Build(resources)));
    }

    private static JsonObject Build(List<ResourceDefinition> resources)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        foreach (var resource in resources)
        {
            var place = resource.Namespaced ? "/namespaces/{namespace}" : "";
            var collection = $"/{resource.GroupVersionPath}{place}/{resource.Plural}";
            paths[collection] = new JsonObject { ["get"] = Operation(resource, []), ["post"] = Operation(resource, PatchParameters) };
            paths[$"{collection}/{{name}}"] = new JsonObject
            {
                ["get"] = Operation(resource, []),
                ["put"] = Operation(resource, PatchParameters),
                ["patch"] = Operation(resource, PatchParameters),
                ["delete"] = Operation(resource, ["dryRun", "propagationPolicy"]),
            };
            var schema = resource.SchemaDocument.Copy();
            schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(resource));
            schemas[SchemaName(resource)] = schema;
        }
        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kontena standalone", ["version"] = resources[0].Version },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Operation(ResourceDefinition resource, IReadOnlyList<string> parameters) => new()
    {
        ["x-kubernetes-group-version-kind"] = GroupVersionKind(resource),
        ["parameters"] = new JsonArray([.. parameters.Select(name => new JsonObject
        {
            ["name"] = name,
            ["in"] = "query",
            ["schema"] = new JsonObject { ["type"] = "string" },
        })]),
        ["responses"] = new JsonObject(),
    };

    private static JsonObject GroupVersionKind(ResourceDefinition resource) =>
        new() { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind };

    private static string SchemaName(ResourceDefinition resource)
    {
        var domain = resource.Group.Length == 0 ? "io.k8s.api.core" : string.Join('.', resource.Group.Split('.').Reverse());
        return $"{domain}.{resource.Version}.{resource.Kind}";
    }
}
