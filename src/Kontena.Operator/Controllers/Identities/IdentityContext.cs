using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Grids;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Identities;

/// <summary>What the look at all ids works with.</summary>
internal sealed record IdentityContext(
    Store<NodePool> Pools,
    Store<KontenaNode> Nodes,
    Store<Grid> Grids,
    GridHub Hub,
    InventoryHub Inventories,
    MasterTraces Traces,
    Installation Installation,
    IdentityBook Book,
    Pace Pace,
    TimeProvider Time,
    ILogger Log);
