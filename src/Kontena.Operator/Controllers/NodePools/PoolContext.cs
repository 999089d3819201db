using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Identities;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Grids;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>What the NodePools controller works with.</summary>
internal sealed record PoolContext(
    IKubeApi Api,
    Informer<NodePool> Pools,
    Informer<KontenaNode> Nodes,
    Installation Installation,
    InventoryHub Inventories,
    GridHub Grids,
    FinalisedNodes Finalised,
    Tombstones Tombstones,
    Store<Grid> GridObjects,
    PortBook Ports,
    IdentityBook Identities,
    WriteLedger Ledger,
    IEventRecorder Events,
    TimeProvider Time,
    ILogger Log);
