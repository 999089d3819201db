using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client;

/// <summary>
/// The calls of the Kubernetes API that controllers make. Every method throws <see cref="KubeFault"/> for an answer that is
/// not a success and for a connection that failed; a fault on a write says whether it may have been carried out.
/// Narrow on purpose, so that tests and crash suites can wrap it.
/// </summary>
public interface IKubeApi
{
    /// <exception cref="KubeFault">With <see cref="FaultReason.NotFound"/> where the object does not exist.</exception>
    Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource;

    /// <summary>One page. <see cref="ListQuery.Limit"/> and <see cref="ListQuery.Continue"/> page through a consistent snapshot.</summary>
    Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource;

    /// <summary>Returns once the server has answered the request's head, before any event: an empty set does not block.</summary>
    Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource;

    Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource;

    /// <summary>PUT of the whole object or of one subresource; <c>metadata.resourceVersion</c> is the precondition.</summary>
    Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource;

    Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource;

    /// <summary>Asks for deletion. Finalizers may hold the object: null means it is gone, otherwise what is left of it.</summary>
    Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource;
}

/// <summary>An open watch. Enumerate once; dispose to close the connection.</summary>
public interface IWatch<T> : IAsyncDisposable where T : class, IResource
{
    /// <summary>Ends when the server closes the stream; throws <see cref="KubeFault"/> when the connection breaks or falls silent.</summary>
    IAsyncEnumerable<WatchEvent<T>> EventsAsync(CancellationToken ct);
}

/// <param name="Namespace">Null lists all namespaces.</param>
/// <param name="ResourceVersion">Null asks the store itself (a quorum read); "0" accepts any cached state.</param>
public sealed record ListQuery(
    string? Namespace = null,
    string? LabelSelector = null,
    string? FieldSelector = null,
    int? Limit = null,
    string? Continue = null,
    string? ResourceVersion = null);

/// <param name="ResourceVersion">Events after this version are sent.</param>
/// <param name="Timeout">Asked of the server; the client's own watchdog ends a silent connection a little later.</param>
public sealed record WatchQuery(
    string ResourceVersion,
    TimeSpan Timeout,
    string? Namespace = null,
    string? LabelSelector = null,
    string? FieldSelector = null,
    bool Bookmarks = true);

/// <param name="Subresource"><c>status</c>, <c>scale</c> or null for the object itself.</param>
/// <param name="FieldManager">Who writes, at most 128 characters; null: who the client is (<see cref="KubeClientOptions.FieldManager"/>). Required for server-side apply.</param>
public sealed record WriteOptions(string? Subresource = null, string? FieldManager = null, bool DryRun = false, FieldValidation? Validation = null)
{
    public static WriteOptions Default { get; } = new();

    public static WriteOptions Status { get; } = new(Subresource: "status");
}

/// <summary>What the server does with unknown and duplicate fields.</summary>
public enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <param name="Uid">Precondition: the object of this UID, not a later one of the same name.</param>
/// <param name="ResourceVersion">Precondition: the object unchanged since.</param>
public sealed record DeleteQuery(string? Uid = null, string? ResourceVersion = null, Propagation? Propagation = null, bool DryRun = false);

/// <summary>What happens to objects owned by the deleted one.</summary>
public enum Propagation
{
    Background,
    Foreground,
    Orphan,
}
