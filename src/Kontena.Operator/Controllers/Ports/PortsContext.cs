using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Grids;
using Kontena.Operator.Grids;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What the port policy controllers work with.</summary>
internal sealed record PortsContext(
    Store<NodePool> Pools,
    Store<KontenaNode> Nodes,
    Store<Grid> Grids,
    Installation Installation,
    InventoryHub Inventories,
    ProviderAccounts Accounts,
    GridHub Hub,
    GridSecretHolds GridSecrets,
    FirewallTraces Traces,
    PortBook Book,
    IEventRecorder Events,
    Pace Pace,
    TimeProvider Time,
    ILogger Log);
