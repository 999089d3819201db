namespace Kontena.Kubernetes.Client.Watching;

/// <summary>All that a bookmark carries.</summary>
internal sealed record BookmarkObject(BookmarkMeta? Metadata);

internal sealed record BookmarkMeta(string? ResourceVersion, IReadOnlyDictionary<string, string>? Annotations);
