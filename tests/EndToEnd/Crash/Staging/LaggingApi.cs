using Kontena.EndToEnd.Crash.Judging;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>
/// An API server whose watches come late, as a warm standby has it: the first list of pools and nodes is what was there so long before the
/// start, every event comes so much later than it was sent. Whatever is read past the cache, lists asked for again included, is true.
/// </summary>
internal sealed class LaggingApi(IKubeApi inner, Followed<NodePool> pools, Followed<KontenaNode> nodes, TimeSpan lag, TimeProvider time) : IKubeApi
{
    private readonly DateTimeOffset asOf = time.GetUtcNow() - lag;
    private int poolLists;
    private int nodeLists;

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource => inner.GetAsync(kind, key, ct);

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource
    {
        if (typeof(T) == typeof(NodePool) && Interlocked.Increment(ref poolLists) == 1) return Task.FromResult((ResourceList<T>)(object)pools.AsOf(asOf));
        if (typeof(T) == typeof(KontenaNode) && Interlocked.Increment(ref nodeLists) == 1) return Task.FromResult((ResourceList<T>)(object)nodes.AsOf(asOf));
        return inner.ListAsync(kind, query, ct);
    }

    public async Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource =>
        new LateWatch<T>(await inner.WatchAsync(kind, query, ct), lag, time);

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.CreateAsync(kind, resource, options, ct);

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.UpdateAsync(kind, resource, options, ct);

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource => inner.PatchAsync(kind, key, patch, options, ct);

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource => inner.DeleteAsync(kind, key, query, ct);
}
