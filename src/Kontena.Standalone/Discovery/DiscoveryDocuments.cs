namespace Kontena.Standalone.Discovery;

/// <summary>What is served, in the two forms clients ask for: aggregated (one answer) and plain (one per group version).</summary>
internal static class DiscoveryDocuments
{
    private static readonly IReadOnlyList<string> SubresourceVerbs = ["get", "patch", "update"];

    /// <param name="resources">Of the core group for /api, of all others for /apis.</param>
    /// <param name="version">v2 or v2beta1.</param>
    public static JsonObject Aggregated(IEnumerable<ResourceDefinition> resources, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = List(resources.GroupBy(r => r.Group).Select(group => new JsonObject
        {
            ["metadata"] = group.Key.Length == 0 ? [] : new JsonObject { ["name"] = group.Key },
            ["versions"] = List(group.GroupBy(r => r.Version).Select(v => new JsonObject
            {
                ["version"] = v.Key,
                ["freshness"] = "Current",
                ["resources"] = List(v.Select(AggregatedResource)),
            })),
        })),
    };

    public static JsonObject CoreVersions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    public static JsonObject Groups(IEnumerable<ResourceDefinition> resources) => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = List(resources.GroupBy(r => r.Group).Select(g => GroupOf(g.Key, g))),
    };

    public static JsonObject? Group(IEnumerable<ResourceDefinition> resources, string group)
    {
        var versions = resources.Where(r => r.Group == group).ToList();
        if (versions.Count == 0) return null;
        var document = GroupOf(group, versions);
        document["kind"] = "APIGroup";
        document["apiVersion"] = "v1";
        return document;
    }

    public static JsonObject? Resources(IEnumerable<ResourceDefinition> resources, string group, string version)
    {
        var served = resources.Where(r => r.Group == group && r.Version == version).ToList();
        return served.Count == 0 ? null : new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = served[0].ApiVersion,
            ["resources"] = List(served.SelectMany(PlainResources)),
        };
    }

    private static JsonObject GroupOf(string name, IEnumerable<ResourceDefinition> resources)
    {
        var versions = resources.Select(r => r.Version).Distinct()
            .Select(v => new JsonObject { ["groupVersion"] = $"{name}/{v}", ["version"] = v }).ToList();
        return new JsonObject { ["name"] = name, ["versions"] = List(versions), ["preferredVersion"] = versions[0].DeepClone() };
    }

    private static JsonObject AggregatedResource(ResourceDefinition resource)
    {
        var document = new JsonObject
        {
            ["resource"] = resource.Plural,
            ["responseKind"] = Kind(resource.Group, resource.Version, resource.Kind),
            ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = resource.Singular,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0) document["shortNames"] = Texts(resource.ShortNames);
        if (resource.Categories.Count > 0) document["categories"] = Texts(resource.Categories);
        var subresources = Subresources(resource).Select(s => new JsonObject
        {
            ["subresource"] = s.Name,
            ["responseKind"] = Kind(s.Group, s.Version, s.Kind),
            ["verbs"] = Texts(SubresourceVerbs),
        }).ToList();
        if (subresources.Count > 0) document["subresources"] = List(subresources);
        return document;
    }

    private static IEnumerable<JsonObject> PlainResources(ResourceDefinition resource)
    {
        var document = new JsonObject
        {
            ["name"] = resource.Plural,
            ["singularName"] = resource.Singular,
            ["namespaced"] = resource.Namespaced,
            ["kind"] = resource.Kind,
            ["verbs"] = Texts(resource.Verbs),
        };
        if (resource.ShortNames.Count > 0) document["shortNames"] = Texts(resource.ShortNames);
        if (resource.Categories.Count > 0) document["categories"] = Texts(resource.Categories);
        yield return document;
        foreach (var (name, group, version, kind) in Subresources(resource))
        {
            var subresource = group == resource.Group ? new JsonObject { ["kind"] = kind } : Kind(group, version, kind);
            subresource["name"] = $"{resource.Plural}/{name}";
            subresource["singularName"] = "";
            subresource["namespaced"] = resource.Namespaced;
            subresource["verbs"] = Texts(SubresourceVerbs);
            yield return subresource;
        }
    }

    private static IEnumerable<(string Name, string Group, string Version, string Kind)> Subresources(ResourceDefinition resource)
    {
        if (resource.HasStatus) yield return ("status", resource.Group, resource.Version, resource.Kind);
        if (resource.Scale is not null) yield return ("scale", "autoscaling", "v1", "Scale");
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    private static JsonArray List(IEnumerable<JsonObject> items) => new([.. items]);
}
