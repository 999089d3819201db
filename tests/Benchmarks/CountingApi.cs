using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.Benchmarks;

/// <summary>Counts the operator's calls by verb and resource.</summary>
internal sealed class CountingApi(IKubeApi inner) : IKubeApi
{
    private readonly ConcurrentDictionary<string, int> calls = [];

    public IReadOnlyDictionary<string, int> Calls => calls;

    /// <summary>Writes to anything but Events and Leases.</summary>
    public int Writes => calls.Where(c => !c.Key.StartsWith("get ", StringComparison.Ordinal) && !c.Key.StartsWith("list ", StringComparison.Ordinal) && !c.Key.StartsWith("watch ", StringComparison.Ordinal)
        && !c.Key.EndsWith(" events", StringComparison.Ordinal) && !c.Key.EndsWith(" leases.coordination.k8s.io", StringComparison.Ordinal)).Sum(c => c.Value);

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource => Count("get", kind, inner.GetAsync(kind, key, ct));

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource => Count("list", kind, inner.ListAsync(kind, query, ct));

    public Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource => Count("watch", kind, inner.WatchAsync(kind, query, ct));

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => Count("create", kind, inner.CreateAsync(kind, resource, options, ct));

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        Count(options.Subresource is null ? "update" : $"update {options.Subresource} of", kind, inner.UpdateAsync(kind, resource, options, ct));

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource => Count("patch", kind, inner.PatchAsync(kind, key, patch, options, ct));

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource => Count("delete", kind, inner.DeleteAsync(kind, key, query, ct));

    public void Clear() => calls.Clear();

    private TResult Count<T, TResult>(string verb, ResourceKind<T> kind, TResult call) where T : class, IResource
    {
        calls.AddOrUpdate($"{verb} {kind}", 1, (_, n) => n + 1);
        return call;
    }
}
