using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// Keeps a credentials Secret from vanishing before the last machine that it is needed for: deleting a namespace deletes Secrets
/// and nodes alike, in no order (cluster-api#8209).
/// </summary>
internal sealed class SecretHolds(IKubeApi api, Finalizers finalizers, Store<NodePool> pools, Store<KontenaNode> nodes)
{
    private readonly ConcurrentDictionary<string, byte> done = [];

    public async Task HoldAsync(NodePool pool, CancellationToken ct)
    {
        if (KeyOf(pool) is not { } key || await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret) return;
        await finalizers.EnsureAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
    }

    /// <summary>Called when the pool's last node is gone: lets the Secret go unless another pool or node still names it.</summary>
    public async Task ReleaseAsync(NodePool pool, CancellationToken ct)
    {
        if (KeyOf(pool) is not { } key || pools.All.Any(p => p.Metadata.Uid != pool.Metadata.Uid && KeyOf(p) == key) || nodes.All.Any(n => KeyOf(n) == key)) return;
        await LetGoAsync(key, ct);
    }

    /// <summary>Called when a node's machine is gone, before the node is: its pool may have moved to another Secret since, and nobody else remembers this one.</summary>
    public async Task ReleaseAsync(KontenaNode node, CancellationToken ct)
    {
        foreach (var gone in done.Keys.Where(uid => nodes.ByIndex(NodeIndexes.Uid, uid).Count == 0)) done.TryRemove(gone, out _);
        if (KeyOf(node) is not { } key) return;
        // Before looking: of two last nodes that go at once, at least the later one sees that the other is done.
        done[node.Metadata.Uid!] = 0;
        if (pools.All.Any(p => KeyOf(p) == key) || nodes.All.Any(n => KeyOf(n) == key && !done.ContainsKey(n.Metadata.Uid!))) return;
        await LetGoAsync(key, ct);
    }

    private async Task LetGoAsync(ObjectKey key, CancellationToken ct)
    {
        if (await api.FindAsync(CoreKinds.Secret, key, ct) is { } secret) await finalizers.RemoveAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
    }

    private static ObjectKey? KeyOf(KontenaNode node) =>
        node.Spec.Provider.Settings.CredentialsSecret is { } name ? new ObjectKey(node.Metadata.Namespace!, name) : null;

    private static ObjectKey? KeyOf(NodePool pool) =>
        pool.Spec.Provider.Settings.CredentialsSecret is { } name ? new ObjectKey(pool.Metadata.Namespace!, name) : null;
}
