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
    public async Task HoldAsync(NodePool pool, CancellationToken ct)
    {
        if (KeyOf(pool) is not { } key || await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret) return;
        await finalizers.EnsureAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
    }

    /// <summary>Called when the pool's last node is gone: lets the Secret go unless another pool or node still names it.</summary>
    public async Task ReleaseAsync(NodePool pool, CancellationToken ct)
    {
        if (KeyOf(pool) is not { } key || IsNeededByOthers(pool, key) || await api.FindAsync(CoreKinds.Secret, key, ct) is not { } secret) return;
        await finalizers.RemoveAsync(CoreKinds.Secret, secret, ApiGroup.InUseFinalizer, ct);
    }

    private bool IsNeededByOthers(NodePool pool, ObjectKey secret) =>
        pools.All.Any(p => p.Metadata.Uid != pool.Metadata.Uid && KeyOf(p) == secret)
        || nodes.All.Any(n => n.Metadata.Namespace == secret.Namespace && n.Spec.Provider.Settings.CredentialsSecret == secret.Name);

    private static ObjectKey? KeyOf(NodePool pool) =>
        pool.Spec.Provider.Settings.CredentialsSecret is { } name ? new ObjectKey(pool.Metadata.Namespace!, name) : null;
}
