using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>The address of an API server: what is behind it may be replaced.</summary>
internal sealed class SwitchedApi(IKubeApi first) : IKubeApi
{
    public IKubeApi Inner { get; set; } = first;

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource => Inner.GetAsync(kind, key, ct);

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource => Inner.ListAsync(kind, query, ct);

    public Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource => Inner.WatchAsync(kind, query, ct);

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => Inner.CreateAsync(kind, resource, options, ct);

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource => Inner.UpdateAsync(kind, resource, options, ct);

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        Inner.PatchAsync(kind, key, patch, options, ct);

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource => Inner.DeleteAsync(kind, key, query, ct);
}
