using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Grids;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Grids;

/// <summary>What the Grids controller works with.</summary>
internal sealed record GridContext(
    IKubeApi Api,
    Informer<Grid> Grids,
    Store<KontenaNode> Nodes,
    GridHub Hub,
    GridSlots Slots,
    PortBook Ports,
    WriteLedger Ledger,
    IEventRecorder Events,
    Pace Pace,
    TimeProvider Time,
    ILogger Log);
