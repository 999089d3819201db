using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// Keeps a credentials Secret from vanishing before the last machine that it is needed for: deleting a namespace deletes Secrets
/// and nodes alike, in no order (cluster-api#8209). Pools hold and release; each remembers what it holds (<see cref="HeldSecrets"/>) until it
/// has looked, past the cache and after it needs the Secret no more, whether anybody else does. Of pools that stop needing one Secret at once
/// the last to stop sees that all have.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class SecretHolds(IKubeApi api, Finalizers finalizers, Store<NodePool> pools, Store<KontenaNode> nodes)
{
    private readonly ConcurrentDictionary<string, byte> done = [];
    private readonly SemaphoreSlim releases = new(1, 1);

    /// <summary>Called once the pool remembers the Secret.</summary>
    /// <returns>False where there is none to hold, or only one that is about to vanish: what comes in its place must be held, before a node needs it.</returns>
    public async Task<bool> HoldAsync(NodePool pool, CancellationToken ct)
    {
        if (KeyOf(pool) is not { } key) return true;
        await EndOfReleaseAsync(ct);
        if (await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret) return false;
        // Deleted, and kept for a Grid's firewalls: nobody could put another in its place, and no finalizer can be added to it.
        if (secret.Metadata is { IsBeingDeleted: true, Finalizers: { } kept } && kept.Contains(ApiGroup.GridInUseFinalizer)) return true;
        var held = await finalizers.EnsureAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
        return held is not null && Finalizers.StateOf(held, ApiGroup.InUseFinalizer) is FinalizerState.Held or FinalizerState.CleanUp;
    }

    /// <summary>Lets Secrets go that the pool needs no more, unless another pool or node needs them. Before the pool forgets them, or goes.</summary>
    /// <returns>False where nodes of the pool turn out to need them still; their end asks again.</returns>
    public async Task<bool> ReleaseAsync(NodePool pool, IReadOnlyList<string> names, CancellationToken ct)
    {
        if (names.Count == 0) return true;
        var here = new ListQuery(pool.Metadata.Namespace);
        await releases.WaitAsync(ct);
        try
        {
            var uses = (await api.ListAllAsync(KontenaKinds.KontenaNodes, here, ct)).Items;
            if (uses.Any(n => IsOwn(n, pool) && names.Contains(n.Spec.Provider.Settings.CredentialsSecret))) return false;
            var holders = (await api.ListAllAsync(KontenaKinds.NodePools, here, ct)).Items;
            foreach (var key in names.Select(name => new ObjectKey(pool.Metadata.Namespace!, name)).Where(k => !holders.Any(p => Holds(p, k)) && !uses.Any(n => KeyOf(n) == k)))
                await LetGoAsync(key, ct);
            return true;
        }
        finally
        {
            releases.Release();
        }
    }

    /// <summary>Called when a node's machine is gone, before the node is: where its pool was made to vanish before it, nobody else lets the Secret go.</summary>
    public async Task ReleaseAsync(KontenaNode node, CancellationToken ct)
    {
        foreach (var gone in done.Keys.Where(uid => nodes.ByIndex(NodeIndexes.Uid, uid).Count == 0)) done.TryRemove(gone, out _);
        if (KeyOf(node) is not { } key || pools.Find(NodeIndexes.PoolOf(node))?.Metadata.Uid == node.Spec.PoolUID) return;
        // Before looking: of two last nodes that go at once, at least the later one sees that the other is done.
        done[node.Metadata.Uid!] = 0;
        if (pools.All.Any(p => Holds(p, key)) || nodes.All.Any(n => KeyOf(n) == key && !done.ContainsKey(n.Metadata.Uid!))) return;
        await LetGoAsync(key, ct);
    }

    /// <summary>One that is under way may have looked before the pool wrote down that it holds; one that begins from here on sees it.</summary>
    private async Task EndOfReleaseAsync(CancellationToken ct)
    {
        if (releases.CurrentCount > 0) return;
        await releases.WaitAsync(ct);
        releases.Release();
    }

    private async Task LetGoAsync(ObjectKey key, CancellationToken ct)
    {
        if (await api.FindAsync(CoreKinds.Secret, key, ct) is { } secret) await finalizers.RemoveAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
    }

    /// <summary>
    /// A pool that names a Secret and does not remember it has not held it yet, and would not let it go. One that is being deleted makes no
    /// more nodes, and looks itself when the last is gone, and the last of its firewalls is written down no more.
    /// </summary>
    private static bool Holds(NodePool pool, ObjectKey key) =>
        ((!pool.Metadata.IsBeingDeleted && KeyOf(pool) == key) || HeldSecrets.OfFirewalls(pool).Contains(key.Name)) && HeldSecrets.Of(pool).Contains(key.Name);

    private static bool IsOwn(KontenaNode node, NodePool pool) =>
        !node.Spec.IsCopy(node.Metadata.Uid!) && node.Metadata.OwnerReferences?.Any(o => o.Uid == pool.Metadata.Uid) == true;

    private static ObjectKey? KeyOf(KontenaNode node) =>
        node.Spec.Provider.Settings.CredentialsSecret is { } name ? new ObjectKey(node.Metadata.Namespace!, name) : null;

    private static ObjectKey? KeyOf(NodePool pool) =>
        pool.Spec.Provider.Settings.CredentialsSecret is { } name ? new ObjectKey(pool.Metadata.Namespace!, name) : null;
}
