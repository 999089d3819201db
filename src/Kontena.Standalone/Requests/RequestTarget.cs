namespace Kontena.Standalone.Requests;

/// <summary>What a resource path points at. No <paramref name="Name"/> is the collection; no <paramref name="Namespace"/> is all of them, or none for cluster-wide kinds.</summary>
internal sealed record RequestTarget(ResourceDefinition Resource, string? Namespace, string? Name, string? Subresource)
{
    /// <summary>Reads <c>/api/v1/…</c> and <c>/apis/group/version/…</c>; null when the catalog knows no such resource.</summary>
    /// <exception cref="StatusException">404: a custom resource has no such subresource.</exception>
    public static RequestTarget? Parse(IReadOnlyList<string> segments, ResourceCatalog catalog)
    {
        var (group, rest) = segments is ["api", ..] ? ("", segments.Skip(1).ToArray()) : (segments[1], segments.Skip(2).ToArray());
        if (rest.Length < 2) return null;
        var version = rest[0];
        // namespaces/x alone is the namespace itself, and so is namespaces/x/status.
        if (rest is [_, "namespaces", var ns, not ("status" or "finalize"), ..])
            return Build(catalog.Find(group, version, rest[3]), ns, rest[4..], namespaced: true);
        return Build(catalog.Find(group, version, rest[1]), null, rest[2..], namespaced: false);
    }

    private static RequestTarget? Build(ResourceDefinition? resource, string? ns, string[] rest, bool namespaced)
    {
        if (resource is null) return null;
        var (name, subresource) = (rest.ElementAtOrDefault(0), rest.ElementAtOrDefault(1));
        if (rest.Length > 2) return resource.BuiltIn ? null : throw Fault.NotFound(resource, name!);
        // A namespaced kind can be listed everywhere but is named within its namespace only.
        var misplaced = namespaced ? !resource.Namespaced : resource.Namespaced && name is not null;
        var unknown = subresource is not null && !(subresource == "status" && resource.HasStatus) && !(subresource == "scale" && resource.Scale is not null);
        // For custom kinds one handler serves every path and answers with a Status; for built-in ones there is no such path.
        if (unknown && !misplaced && !resource.BuiltIn) throw Fault.NotFound(resource, name!);
        return misplaced || unknown ? null : new RequestTarget(resource, ns, name, subresource);
    }
}
