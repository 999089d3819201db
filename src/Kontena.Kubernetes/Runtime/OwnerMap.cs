using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>From a watched object to the keys that its change concerns.</summary>
public static class OwnerMap
{
    /// <summary>The object itself.</summary>
    public static Func<IResource, IEnumerable<ObjectKey>> ToSelf() => resource => [resource.Metadata.Key];

    /// <summary>Its owners of this kind, by group and kind: an owner reference of another served version means the same object.</summary>
    public static Func<IResource, IEnumerable<ObjectKey>> ToOwner<TOwner>(ResourceKind<TOwner> kind) where TOwner : class, IResource =>
        resource => (resource.Metadata.OwnerReferences ?? [])
            .Where(owner => owner.Kind == kind.Kind && GroupOf(owner.ApiVersion) == kind.Group)
            .Select(owner => new ObjectKey(kind.Namespaced ? resource.Metadata.Namespace ?? "" : "", owner.Name));

    private static string GroupOf(string apiVersion) =>
        apiVersion.LastIndexOf('/') is var slash and >= 0 ? apiVersion[..slash] : "";
}
