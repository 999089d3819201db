using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Soak;

/// <summary>Counts what the informer asks of the API server, and what it is told.</summary>
internal sealed class CountedApi(IKubeApi inner) : IKubeApi
{
    private int lists;
    private int pages;
    private int watches;

    /// <summary>Lists that were begun: the first, and one for each watch that could not go on from where the last one ended. A look at one object, which only asks for the version, is none.</summary>
    public int Lists => lists;

    public int Pages => pages;

    /// <summary>Watches that were opened.</summary>
    public int Watches => watches;

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource => inner.GetAsync(kind, key, ct);

    public async Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource
    {
        var page = await inner.ListAsync(kind, query, ct);
        Interlocked.Increment(ref pages);
        if (query is { Continue: null, Limit: not 1 }) Interlocked.Increment(ref lists);
        return page;
    }

    public async Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource
    {
        var watch = await inner.WatchAsync(kind, query, ct);
        Interlocked.Increment(ref watches);
        return watch;
    }

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.CreateAsync(kind, resource, options, ct);

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.UpdateAsync(kind, resource, options, ct);

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.PatchAsync(kind, key, patch, options, ct);

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource => inner.DeleteAsync(kind, key, query, ct);
}
