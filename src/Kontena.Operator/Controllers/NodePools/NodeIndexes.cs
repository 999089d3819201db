using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>How nodes are found in the store other than by name.</summary>
internal static class NodeIndexes
{
    public const string Uid = "uid";

    /// <summary>By the provider id of the machine that a node has, or is to take over.</summary>
    public const string Machine = "machine";

    /// <summary>By the key of the pool that it names: copies name one, too, whoever owns them.</summary>
    public const string Pool = "pool";

    public static Store<KontenaNode> NewStore() => new(
        StoreIndex.ByOwnerUid<KontenaNode>(),
        new StoreIndex<KontenaNode>(Uid, node => [node.Metadata.Uid ?? ""]),
        new StoreIndex<KontenaNode>(Machine, node => new[] { node.Spec.ProviderID, node.Spec.Adopts?.ProviderID }.OfType<string>().Distinct()),
        new StoreIndex<KontenaNode>(Pool, node => [PoolOf(node).ToString()]));

    public static ObjectKey PoolOf(KontenaNode node) => new(node.Metadata.Namespace ?? "", node.Spec.PoolName);
}
