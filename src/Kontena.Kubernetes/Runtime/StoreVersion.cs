namespace Kontena.Kubernetes.Runtime;

/// <summary>How fresh a <see cref="Store{T}"/> is.</summary>
/// <param name="ResourceVersion">The newest that the store has seen, from lists, events and bookmarks; null before the first list.</param>
/// <param name="ListBegan">Timestamp of the informer's clock just before the last complete, uncached list was asked for: all that was written before it is in the store.</param>
public readonly record struct StoreVersion(string? ResourceVersion, long? ListBegan);
