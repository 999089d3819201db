using Kontena.Kubernetes.Runtime;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>How nodes are found in the store other than by name.</summary>
internal static class NodeIndexes
{
    public const string Uid = "uid";

    public static Store<KontenaNode> NewStore() => new(
        StoreIndex.ByOwnerUid<KontenaNode>(),
        new StoreIndex<KontenaNode>(Uid, node => [node.Metadata.Uid ?? ""]));
}
