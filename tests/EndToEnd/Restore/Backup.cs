using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Resources;

namespace Kontena.EndToEnd.Restore;

/// <summary>
/// What a backup tool saves of a namespace, and puts back as such tools do: everything but UID, version, times and status. Owner references
/// and finalizers stay as they were, so the owners' UIDs point nowhere.
/// </summary>
internal sealed class Backup
{
    private readonly IReadOnlyList<NodePool> pools;
    private readonly IReadOnlyList<KontenaNode> nodes;
    private readonly Secret credentials;
    private readonly ConfigMap record;

    private Backup(IReadOnlyList<NodePool> pools, IReadOnlyList<KontenaNode> nodes, Secret credentials, ConfigMap record) =>
        (this.pools, this.nodes, this.credentials, this.record) = (pools, nodes, credentials, record);

    public IReadOnlyList<KontenaNode> Nodes => nodes;

    public static async Task<Backup> TakeAsync(OperatorScene scene) => new(
        await scene.Objects.PoolsAsync(),
        await scene.Objects.NodesAsync(),
        (await scene.Objects.FindSecretAsync(SceneObjects.CredentialsName))!,
        (await scene.Objects.FindInstallationAsync())!);

    /// <summary>The namespace's objects are gone, with nobody there who could have cleaned up.</summary>
    public static async Task LoseAsync(OperatorScene scene)
    {
        using var api = SceneEngines.Client(scene.KubeconfigPath);
        foreach (var pool in await scene.Objects.PoolsAsync()) await LoseAsync(api, KontenaKinds.NodePools, pool.Metadata.Key, scene.Ct);
        foreach (var node in await scene.Objects.NodesAsync()) await LoseAsync(api, KontenaKinds.KontenaNodes, node.Metadata.Key, scene.Ct);
        foreach (var secret in await scene.Objects.SecretsAsync()) await LoseAsync(api, CoreKinds.Secret, secret.Metadata.Key, scene.Ct);
        await scene.Waits.UntilAsync(
            async () => (await scene.Objects.PoolsAsync()).Count + (await scene.Objects.NodesAsync()).Count + (await scene.Objects.SecretsAsync()).Count == 0, "the objects are gone");
    }

    public async Task PutBackAsync(OperatorScene scene, bool withNodes = true, bool withRecord = false, Func<NodePool, NodePool>? edit = null)
    {
        using var api = SceneEngines.Client(scene.KubeconfigPath);
        await api.CreateAsync(CoreKinds.Secret, credentials with { Metadata = Bare(credentials.Metadata, scene.Namespace) }, WriteOptions.Default, scene.Ct);
        if (withRecord) await api.CreateAsync(CoreKinds.ConfigMap, record with { Metadata = Bare(record.Metadata, scene.Namespace) }, WriteOptions.Default, scene.Ct);
        foreach (var node in withNodes ? nodes : [])
            await api.CreateAsync(KontenaKinds.KontenaNodes, node with { Metadata = Bare(node.Metadata, scene.Namespace), Status = null }, WriteOptions.Default, scene.Ct);
        foreach (var pool in pools)
        {
            var bare = pool with { Metadata = Bare(pool.Metadata, scene.Namespace), Status = null };
            await api.CreateAsync(KontenaKinds.NodePools, edit is null ? bare : edit(bare), WriteOptions.Default, scene.Ct);
        }
    }

    private static ObjectMeta Bare(ObjectMeta meta, string ns) => new()
    {
        Namespace = ns,
        Name = meta.Name,
        Labels = meta.Labels,
        Annotations = meta.Annotations,
        OwnerReferences = meta.OwnerReferences,
        Finalizers = meta.Finalizers,
    };

    private static async Task LoseAsync<T>(KubeClient api, ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource
    {
        try
        {
            await api.PatchAsync(kind, key, Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }), WriteOptions.Default, ct);
            await api.DeleteAsync(kind, key, new DeleteQuery(), ct);
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            // Its owner's going has taken it along.
        }
    }
}
