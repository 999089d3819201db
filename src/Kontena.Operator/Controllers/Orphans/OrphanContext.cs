using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>What the orphan sweep works with.</summary>
/// <param name="Namespace">Where nodes are looked for; null: everywhere.</param>
/// <param name="LongestCall">A write is begun only while nobody else can lead before it is answered.</param>
internal sealed record OrphanContext(
    IKubeApi Api,
    string? Namespace,
    Informer<NodePool> Pools,
    Informer<KontenaNode> Nodes,
    Tombstones Tombstones,
    Installation Installation,
    InventoryHub Inventories,
    ProviderAccounts Accounts,
    ILeadership Leadership,
    TimeSpan LongestCall,
    IEventRecorder Events,
    Pace Pace,
    TimeProvider Time,
    ILogger Log);
