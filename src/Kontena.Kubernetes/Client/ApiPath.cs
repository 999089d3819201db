using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client;

/// <summary>Where in the API a collection or an object lies, relative to the server's URL.</summary>
internal static class ApiPath
{
    /// <param name="space">Null or empty: all namespaces, or a cluster-scoped kind.</param>
    public static string Collection<T>(ResourceKind<T> kind, string? space) where T : class, IResource
    {
        var root = kind.Group.Length == 0 ? $"api/{Segment(kind.Version)}" : $"apis/{Segment(kind.Group)}/{Segment(kind.Version)}";
        if (string.IsNullOrEmpty(space)) return $"{root}/{Segment(kind.Plural)}";
        if (!kind.Namespaced) throw new ArgumentException($"{kind} is cluster-scoped, but a namespace was given", nameof(space));
        return $"{root}/namespaces/{Segment(space)}/{Segment(kind.Plural)}";
    }

    public static string Object<T>(ResourceKind<T> kind, ObjectKey key, string? subresource = null) where T : class, IResource
    {
        var path = $"{Home(kind, key.Namespace)}/{Segment(key.Name)}";
        return (subresource ?? kind.Subresource) is { } part ? $"{path}/{Segment(part)}" : path;
    }

    /// <summary>The collection of one object, which of a namespaced kind is never that of all namespaces.</summary>
    public static string Home<T>(ResourceKind<T> kind, string? space) where T : class, IResource =>
        kind.Namespaced && string.IsNullOrEmpty(space)
            ? throw new ArgumentException($"{kind} is namespaced, but no namespace was given", nameof(space))
            : Collection(kind, space);

    // "." and ".." survive escaping, and a URL then points elsewhere: at the collection, which DELETE would empty.
    private static string Segment(string text) =>
        text.Length > 0 && text is not ("." or "..") ? Uri.EscapeDataString(text) : throw new ArgumentException($"\"{text}\" cannot stand in a path", nameof(text));
}
