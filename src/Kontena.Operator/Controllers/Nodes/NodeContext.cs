using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Identities;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>What the Nodes controller works with.</summary>
internal sealed record NodeContext(
    IKubeApi Api,
    Informer<KontenaNode> Nodes,
    Store<NodePool> Pools,
    Store<Grid> Grids,
    PortBook Ports,
    IdentityBook Identities,
    Installation Installation,
    InventoryHub Inventories,
    ProviderAccounts Accounts,
    AttemptTraces Traces,
    ExhaustedOfferings Exhausted,
    EntryContext Entries,
    WriteLedger Ledger,
    IEventRecorder Events,
    Pace Pace,
    TimeProvider Time,
    ILogger Log);
