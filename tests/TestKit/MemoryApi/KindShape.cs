using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>What the storage needs to know of a kind. Kinds of groups with a dot (custom resources, leases apart) have a status subresource.</summary>
internal sealed record KindShape(string Name, string ApiVersion, string Kind, bool Namespaced, bool HasStatus)
{
    public static KindShape Of<T>(ResourceKind<T> kind) where T : class, IResource =>
        new(kind.ToString(), kind.ApiVersion, kind.Kind, kind.Namespaced, kind.Group.Contains('.', StringComparison.Ordinal) && !kind.Group.EndsWith(".k8s.io", StringComparison.Ordinal));
}
