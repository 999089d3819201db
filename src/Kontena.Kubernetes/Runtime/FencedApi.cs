using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Lets writes through only while this process may write. Preconditions stop most writes of a deposed leader, but not one that reads first: a
/// process that stood still in between reads the present state and then writes what its successor has long undone.
/// </summary>
/// <param name="margin">The longest that a write takes to be answered.</param>
public sealed class FencedApi(IKubeApi inner, ILeadership leadership, TimeSpan margin) : IKubeApi
{
    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource => inner.GetAsync(kind, key, ct);

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource => inner.ListAsync(kind, query, ct);

    public Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource => inner.WatchAsync(kind, query, ct);

    public async Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        Check("create", kind, resource.Metadata.Key);
        return await inner.CreateAsync(kind, resource, options, ct);
    }

    public async Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        Check("update", kind, resource.Metadata.Key);
        return await inner.UpdateAsync(kind, resource, options, ct);
    }

    public async Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        Check("patch", kind, key);
        return await inner.PatchAsync(kind, key, patch, options, ct);
    }

    public async Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource
    {
        Check("delete", kind, key);
        return await inner.DeleteAsync(kind, key, query, ct);
    }

    private void Check<T>(string verb, ResourceKind<T> kind, ObjectKey key) where T : class, IResource
    {
        if (!leadership.MayWrite(margin))
            throw new KubeFault(FaultReason.Unreachable, $"{verb} {kind} {key} was not sent: this process is not the leader any more.");
    }
}
