using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Walks;

/// <summary>The Kubernetes API as one operator reaches it.</summary>
internal sealed class WalkedApi(MemoryApi api, Crossing crossing, Conduct conduct) : IKubeApi
{
    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource =>
        CallAsync("get", $"{kind.Plural} {key}", () => api.GetAsync(kind, key, CancellationToken.None));

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync("list", kind.Plural, () => api.ListAsync(kind, query, CancellationToken.None));

    public Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync("watch", kind.Plural, () => api.WatchAsync(kind, query, CancellationToken.None));

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        if (resource is KontenaNode) conduct.CreatesNode(resource.Metadata.Key);
        return CallAsync("create", $"{kind.Plural} {resource.Metadata.Key}", () => api.CreateAsync(kind, resource, options, CancellationToken.None));
    }

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        CallAsync("update", $"{kind.Plural} {resource.Metadata.Key} {options.Subresource}", () => api.UpdateAsync(kind, resource, options, CancellationToken.None));

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        CallAsync("patch", $"{kind.Plural} {key}", () => api.PatchAsync(kind, key, patch, options, CancellationToken.None));

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource
    {
        if (typeof(T) == typeof(KontenaNode)) conduct.DeletesNode(key, query);
        return CallAsync("delete", $"{kind.Plural} {key}", () => api.DeleteAsync(kind, key, query, CancellationToken.None));
    }

    /// <summary>The API in memory answers on the spot.</summary>
    private Task<T> CallAsync<T>(string operation, string what, Func<Task<T>> call) =>
        crossing.CallAsync(new CallSite(Side.Api, operation, what), () => call().GetAwaiter().GetResult());
}
