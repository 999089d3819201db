using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Orphans;

/// <summary>
/// The cloud first, the cluster second: a complete listing, and all nodes as the API server itself had them after that. A node is older than
/// its machine, so a machine in the listing whose node is not in the list has none (karpenter lists in this order; MCM#657 shows the other).
/// </summary>
/// <param name="NodesReadAt">When the list of nodes was asked for.</param>
public sealed record Sighting(MachineListing Listing, IReadOnlyList<NodeOnRecord> Nodes, DateTimeOffset NodesReadAt)
{
    /// <summary>False where the order was not kept: such a sighting proves nothing.</summary>
    public bool IsInOrder => NodesReadAt >= Listing.BegunAt;
}
