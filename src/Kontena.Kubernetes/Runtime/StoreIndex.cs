using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>A named way to find objects other than by key.</summary>
/// <param name="Values">Pure: under which values an object is found; none, one or several.</param>
public sealed record StoreIndex<T>(string Name, Func<T, IEnumerable<string>> Values) where T : class, IResource;

/// <summary>Indexes that fit every kind.</summary>
public static class StoreIndex
{
    /// <summary>Name of <see cref="ByOwnerUid{T}"/>.</summary>
    public const string OwnerUid = "ownerUid";

    /// <summary>By the UID of every owner reference. Children are counted by owner, not by label: labels drift (CAPI#14217).</summary>
    public static StoreIndex<T> ByOwnerUid<T>() where T : class, IResource =>
        new(OwnerUid, resource => resource.Metadata.OwnerReferences?.Select(owner => owner.Uid) ?? []);
}
