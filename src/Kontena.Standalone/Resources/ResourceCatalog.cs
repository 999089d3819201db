namespace Kontena.Standalone.Resources;

/// <summary>What is served at the moment: an immutable picture, replaced as a whole when a CRD comes, changes or goes.</summary>
internal sealed class ResourceCatalog
{
    private readonly Dictionary<(string Group, string Version, string Plural), ResourceDefinition> byPath;

    private ResourceCatalog(IEnumerable<ResourceDefinition> custom)
    {
        All = [.. BuiltInResources.All, .. custom];
        byPath = All.ToDictionary(r => (r.Group, r.Version, r.Plural));
    }

    public IReadOnlyList<ResourceDefinition> All { get; }

    public static ResourceCatalog BuiltInOnly { get; } = new([]);

    public ResourceDefinition? Find(string group, string version, string plural) => byPath.GetValueOrDefault((group, version, plural));

    /// <summary>Any served version of a stored object's resource: enough to delete it or to take off a finalizer.</summary>
    public ResourceDefinition? FindStored(string groupResource) => All.FirstOrDefault(r => r.GroupResource == groupResource);

    public ResourceCatalog With(JsonObject crd) => new([.. Without(crd), .. CustomResources.Read(crd)]);

    public ResourceCatalog WithoutCrd(JsonObject crd) => new(Without(crd));

    private IEnumerable<ResourceDefinition> Without(JsonObject crd) => All.Where(r => !r.BuiltIn && r.GroupResource != crd.Name());
}

/// <summary>Holds the current catalog and follows the commits of CRDs, so that a created CRD is served once its create is answered.</summary>
internal sealed class CurrentCatalog
{
    private volatile ResourceCatalog catalog = ResourceCatalog.BuiltInOnly;

    public ResourceCatalog Value => catalog;

    public void Load(IEnumerable<JsonObject> crds) => catalog = crds.Aggregate(ResourceCatalog.BuiltInOnly, (all, crd) => all.With(crd));

    public void Follow(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes.Where(c => c.Key.Resource == BuiltInResources.CustomResourceDefinition.GroupResource))
            catalog = change.Kind == ChangeKind.Deleted ? catalog.WithoutCrd(change.Document) : catalog.With(change.Document);
    }
}
