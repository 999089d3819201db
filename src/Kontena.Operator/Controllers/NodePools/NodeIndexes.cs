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

    /// <summary>By the key of the Grid that it belongs to.</summary>
    public const string Grid = "grid";

    /// <summary>By the Grid and the node's name at its Master: <see cref="NameAt"/>.</summary>
    public const string KontenaName = "kontenaName";

    public static Store<KontenaNode> NewStore() => new(
        StoreIndex.ByOwnerUid<KontenaNode>(),
        new StoreIndex<KontenaNode>(Uid, node => [node.Metadata.Uid ?? ""]),
        new StoreIndex<KontenaNode>(Machine, node => new[] { node.Spec.ProviderID, node.Spec.Adopts?.ProviderID }.OfType<string>().Distinct()),
        new StoreIndex<KontenaNode>(Pool, node => [PoolOf(node).ToString()]),
        new StoreIndex<KontenaNode>(Grid, node => GridOf(node) is { } grid ? [grid.ToString()] : []),
        new StoreIndex<KontenaNode>(KontenaName, node => GridOf(node) is { } grid && node.Spec.KontenaName is { } name ? [NameAt(grid, name)] : []));

    public static ObjectKey PoolOf(KontenaNode node) => new(node.Metadata.Namespace ?? "", node.Spec.PoolName);

    /// <returns>Null where the node is a plain Docker host.</returns>
    public static ObjectKey? GridOf(KontenaNode node) => node.Spec.GridRef is { } grid ? new ObjectKey(node.Metadata.Namespace ?? "", grid.Name) : null;

    public static string NameAt(ObjectKey grid, string kontenaName) => $"{grid} {kontenaName}";
}
