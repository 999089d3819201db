using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client;

/// <summary>One line of a watch, as a closed set.</summary>
public abstract record WatchEvent<T> where T : class, IResource
{
    private WatchEvent() { }

    public sealed record Added(T Resource) : WatchEvent<T>;

    public sealed record Modified(T Resource) : WatchEvent<T>;

    public sealed record Deleted(T Resource) : WatchEvent<T>;

    /// <param name="ResourceVersion">All events up to this version were sent: a reconnect may resume from here.</param>
    public sealed record Bookmark(string ResourceVersion, bool EndsInitialEvents) : WatchEvent<T>;

    /// <summary>The server ended the watch with a Status; 410 means the version is gone and a new list is needed.</summary>
    public sealed record Failed(KubeStatus Status) : WatchEvent<T>;
}
