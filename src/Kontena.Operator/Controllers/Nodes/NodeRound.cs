using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>One reconcile of one node: the object as last read or written, and the provider as far as it could be opened.</summary>
internal sealed class NodeRound(NodeContext context, KontenaNode node)
{
    /// <summary>What is promised where the driver cannot be opened: nothing is sent then, only waited for.</summary>
    private static readonly DriverPromises NoDriver = new(KeyedCreate: false, TimeSpan.FromMinutes(5), 0);

    public KontenaNode Node { get; set; } = node;

    /// <summary>Null where the credentials are missing or of no use.</summary>
    public ProviderAccount? Account { get; private set; }

    public DriverException? AccountFault { get; private set; }

    /// <summary>Rendered or read in this round, so that it is not read again.</summary>
    public Bootstrap? Bootstrap { get; set; }

    public NodePool? Pool => context.Pools.Find(NodeIndexes.PoolOf(Node));

    public Grid? Grid => NodeIndexes.GridOf(Node) is { } key ? context.Grids.Find(key) : null;

    public string Uid => Node.Metadata.Uid!; // set by the server on every object that it returns

    public AccountKey AccountKey => AccountKey.Of(Node.Metadata.Namespace!, Node.Spec.Provider.Settings);

    public AttemptTrace Trace
    {
        get => context.Traces.Of(Uid, Node.Spec);
        set => context.Traces.Keep(Uid, value);
    }

    public MasterTrace MasterTrace
    {
        get => context.Entries.Traces.Of(Uid, Node.Spec);
        set => context.Entries.Traces.Keep(Uid, value);
    }

    /// <summary>The Grid's slot was written in this round: nothing more is decided before the watch has brought what came of it.</summary>
    public bool AwaitsNews { get; set; }

    public async Task OpenAccountAsync(CancellationToken ct)
    {
        try
        {
            Account = await context.Accounts.OpenAsync(Node.Metadata.Namespace!, Node.Spec.Provider.Settings, ct);
        }
        catch (DriverException fault)
        {
            AccountFault = fault;
        }
    }

    /// <summary>What was told before the operator started stands until it has looked.</summary>
    private IdStanding? ToldIdentity()
    {
        var conditions = Node.Status?.Conditions ?? [];
        return conditions.FirstOrDefault(c => c.Type == NodeConditions.IDUnique) is { } told ? IdStanding.OfCondition(told, conditions.FirstOrDefault(c => c.Type == NodeConditions.Stalled)?.Reason) : null;
    }

    public NodeSeen See()
    {
        var sight = context.Inventories.Sight(Node.Metadata.Namespace!, Node.Spec.Provider.Settings, Uid);
        if (Node.Spec.ProviderID is { } id && sight.ById(id) is not null) Trace = Trace.AfterSighted();
        return new NodeSeen
        {
            Name = Node.Metadata.Name!,
            Uid = Uid,
            Spec = Node.Spec,
            Deleting = Node.Metadata.IsBeingDeleted,
            HasFinalizer = Node.Metadata.Finalizers?.Contains(ApiGroup.NodeFinalizer) == true,
            Abandoned = Node.Metadata.Annotations?.GetValueOrDefault(ApiGroup.AbandonAnnotation) == Uid,
            Frozen = context.Installation.Frozen,
            PoolHolds = PoolHold.Of(Pool, Node.Spec.PoolUID),
            Now = context.Time.GetUtcNow(),
            Promises = Account?.Driver.Promises ?? NoDriver,
            Installation = context.Installation.Id,
            Credentials = Account?.Credentials ?? "",
            Trace = Trace,
            Sight = sight,
            Exhausted = context.Exhausted.In(AccountKey),
            Grid = EntryObservation.Of(context, Node),
            Identity = context.Identities.OfNode(Uid) ?? ToldIdentity(),
            WaysIn = WaysIn.Of(Node, Pool, Grid, context.Ports),
        };
    }
}
