using System.Collections.Concurrent;
using Kontena.EndToEnd.Crash.Judging;
using Kontena.EndToEnd.Crash.Recording;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>The API server as one mortal process reaches it.</summary>
/// <param name="witness">Asked right before a node's finalizer falls, which nothing else can time as well.</param>
internal sealed class MortalApi(IKubeApi inner, MortalProcess process, Witness witness) : IKubeApi
{
    /// <summary>Who had the slot, by the Grid's version as it was read past the cache.</summary>
    private readonly ConcurrentDictionary<string, string> slots = [];

    public async Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource
    {
        var read = await CallAsync(CallName.Get(kind, key), token => inner.GetAsync(kind, key, token), ct);
        if (read is Grid grid) slots[grid.Metadata.ResourceVersion!] = HolderOf(grid);
        return read;
    }

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync(CallName.List(kind), token => inner.ListAsync(kind, query, token), ct);

    public async Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource =>
        new MortalWatch<T>(await CallAsync(CallName.Watch(kind), token => inner.WatchAsync(kind, query, token), ct), process);

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        CallAsync(CallName.Create(kind, resource), token => inner.CreateAsync(kind, resource, options, token), ct);

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        CallAsync(resource is Grid grid && TurnsSlot(grid) ? CallName.Slot(grid) : CallName.Update(kind, resource, options), token => inner.UpdateAsync(kind, resource, options, token), ct);

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        CallAsync(CallName.Patch(kind, key, patch), token =>
        {
            if (typeof(T) == typeof(KontenaNode)) witness.OfPatch(key, patch);
            return inner.PatchAsync(kind, key, patch, options, token);
        }, ct);

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync(CallName.Delete(kind, key), token => inner.DeleteAsync(kind, key, query, token), ct);

    /// <summary>Of all writes of a Grid's status only those that follow a read past the cache decide whose the slot is; others carry it along.</summary>
    private bool TurnsSlot(Grid grid) => slots.TryGetValue(grid.Metadata.ResourceVersion ?? "", out var before) && before != HolderOf(grid);

    private static string HolderOf(Grid grid) => grid.Status?.Replacing?.NodeUID ?? "";

    internal static KubeFault LastWords(bool mayBeDone) => new(FaultReason.Unreachable, "This process is no more.") { OutcomeUnknown = mayBeDone };

    private Task<T> CallAsync<T>(CallName call, Func<CancellationToken, Task<T>> make, CancellationToken ct) => process.CallAsync(call, make, LastWords, ct);
}
