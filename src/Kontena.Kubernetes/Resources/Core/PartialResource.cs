namespace Kontena.Kubernetes.Resources.Core;

/// <summary>
/// Any object, metadata only. For get, list, watch, patch and delete; never for create or update: a PUT of it would
/// erase everything that it did not read.
/// </summary>
public sealed record PartialResource : IResource
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>The metadata of the objects of another kind.</summary>
    public static ResourceKind<PartialResource> KindOf<T>(ResourceKind<T> kind) where T : class, IResource => new()
    {
        Group = kind.Group,
        Version = kind.Version,
        Kind = kind.Kind,
        Plural = kind.Plural,
        Namespaced = kind.Namespaced,
        Json = CoreJson.Default.PartialResource,
        ListJson = CoreJson.Default.ResourceListPartialResource,
    };
}
