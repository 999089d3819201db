using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Orphans;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>A tombstone and the object that holds it.</summary>
internal sealed record StoredTombstone(ObjectKey Key, string Uid, Tombstone Stone);

/// <summary>The tombstones of all nodes: kept beside where the node was, watched, and read past the cache before one is acted on.</summary>
/// <param name="ownNamespace">Takes those whose own namespace is being deleted: nothing can be made in such a one.</param>
internal sealed class Tombstones(IKubeApi api, IReadOnlyList<Informer<ConfigMap>> informers, string ownNamespace)
{
    private const string ByNode = "tombstoneNode";

    public static InformerOptions Watch(string? ns) => new() { Namespace = ns, LabelSelector = ApiGroup.TombstoneLabel };

    public static Store<ConfigMap> NewStore() => new(new StoreIndex<ConfigMap>(ByNode, map => [map.Data?.GetValueOrDefault(TombstoneDocument.NodeUid) ?? ""]));

    public bool HasSynced => informers.All(i => i.HasSynced);

    public IReadOnlyList<StoredTombstone> All =>
    [
        .. from informer in informers
           from map in informer.Store.All
           let stone = TombstoneDocument.Read(map)
           where stone is not null
           orderby map.Metadata.Key
           select new StoredTombstone(map.Metadata.Key, map.Metadata.Uid ?? "", stone),
    ];

    /// <summary>True where a machine of this node is no surprise.</summary>
    public bool Contains(string nodeUid) => informers.Any(i => i.Store.ByIndex(ByNode, nodeUid).Any(map => TombstoneDocument.Read(map) is not null));

    /// <param name="appeared">Told of each tombstone that stands or comes; must be quick.</param>
    public IReadOnlyList<IDisposable> Follow(Action appeared) =>
    [
        .. informers.Select(i => i.Store.Subscribe(change =>
        {
            if (change is not StoreChange<ConfigMap>.Removed) appeared();
        })),
    ];

    /// <summary>May be repeated. One of another kind or attempt that stands for the node is replaced: the newest word counts.</summary>
    /// <exception cref="KubeFault">It is not written: whoever needed it must not go on.</exception>
    public async Task WriteAsync(Tombstone stone, CancellationToken ct)
    {
        try
        {
            await WriteAsync(stone, stone.Namespace, ct);
        }
        catch (KubeFault fault) when (IsNamespaceEnding(fault) && stone.Namespace != ownNamespace)
        {
            await WriteAsync(stone, ownNamespace, ct);
        }
    }

    /// <summary>Past the cache.</summary>
    public async Task<bool> StillStandsAsync(StoredTombstone stored, CancellationToken ct) =>
        await api.FindAsync(CoreKinds.ConfigMap, stored.Key, ct) is { Metadata.IsBeingDeleted: false } map && map.Metadata.Uid == stored.Uid;

    public async Task RemoveAsync(ObjectKey key, string uid, CancellationToken ct)
    {
        try
        {
            await api.DeleteAsync(CoreKinds.ConfigMap, key, new DeleteQuery(Uid: uid), ct);
        }
        catch (KubeFault fault) when (fault.Reason is FaultReason.NotFound or FaultReason.Conflict)
        {
            // Gone, or another one by now: either way not this one.
        }
    }

    private async Task WriteAsync(Tombstone stone, string ns, CancellationToken ct)
    {
        var map = TombstoneDocument.Write(stone, ns);
        try
        {
            await api.CreateAsync(CoreKinds.ConfigMap, map, WriteOptions.Default, ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.AlreadyExists || fault.OutcomeUnknown)
        {
            if (await api.FindAsync(CoreKinds.ConfigMap, map.Metadata.Key, ct) is not { } present) throw;
            if (TombstoneDocument.Read(present) is { } there && SaysTheSame(there, stone)) return;
            // Immutable: a changed mind (given up after all) needs a new one.
            await RemoveAsync(present.Metadata.Key, present.Metadata.Uid!, ct);
            await api.CreateAsync(CoreKinds.ConfigMap, map, WriteOptions.Default, ct);
        }
    }

    private static bool SaysTheSame(Tombstone one, Tombstone other) =>
        (one.Kind, one.Installation, one.NodeUid, one.PoolUid, one.Attempt, one.Token, one.Machine)
        == (other.Kind, other.Installation, other.NodeUid, other.PoolUid, other.Attempt, other.Token, other.Machine);

    /// <summary>What the API server's NamespaceLifecycle admission answers to a create (k8s.io/api/core/v1 NamespaceTerminatingCause).</summary>
    private static bool IsNamespaceEnding(KubeFault fault) =>
        fault.Reason == FaultReason.Forbidden && fault.Status?.Details?.Causes.Any(c => c.Reason == "NamespaceTerminating") == true;
}
