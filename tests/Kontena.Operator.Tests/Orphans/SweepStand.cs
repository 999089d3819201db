using System.Collections.Concurrent;
using System.Diagnostics;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Credentials;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Orphans;

/// <summary>The sweep with everything that it works with: real informers and listings over an API in memory and a cloud that is a list.</summary>
internal sealed class SweepStand : IAsyncDisposable, IEventRecorder, ILeadership
{
    public const string Installation = "inst-1";

    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> running = [];
    private readonly Drivers drivers;
    private readonly Informer<NodePool> pools;
    private readonly Informer<KontenaNode> nodes;
    private readonly Informer<ConfigMap> stones;
    private readonly InventoryHub hub;
    private NodePool? pool;

    private SweepStand(Freeze? frozen)
    {
        Api = new MemoryApi(Time);
        Cloud = new FakeCloud(Time);
        drivers = new Drivers(new DriverEnvironment(Time, NullLoggerFactory.Instance, Installation), (_, _, _) => Cloud);
        pools = new Informer<NodePool>(Api, KontenaKinds.NodePools, new Store<NodePool>(), InformerOptions.Default, Time, () => 0.5, NullLogger.Instance);
        nodes = new Informer<KontenaNode>(Api, KontenaKinds.KontenaNodes, NodeIndexes.NewStore(), InformerOptions.Default, Time, () => 0.5, NullLogger.Instance);
        stones = new Informer<ConfigMap>(Api, CoreKinds.ConfigMap, Tombstones.NewStore(), Tombstones.Watch(null), Time, () => 0.5, NullLogger.Instance);
        var accounts = new ProviderAccounts(new CredentialSecrets(Api, Pace, Time), drivers.OpenAsync);
        hub = new InventoryHub(new InventoryContext(accounts, Installation, news => Sweeps?.Wake(news), Pace, Time, NullLogger.Instance));
        Stones = new Tombstones(Api, [stones], "kube-system");
        var record = new Installation(Installation, frozen);
        Sweeps = new OrphanSweeps(new OrphanContext(Api, null, pools, nodes, Stones, record, hub, accounts, this, TimeSpan.FromSeconds(4), this, Pace, Time, NullLogger.Instance));
    }

    public static Pace Pace { get; } = new();

    public ManualTime Time { get; } = new();

    public MemoryApi Api { get; }

    public FakeCloud Cloud { get; }

    public Tombstones Stones { get; }

    public OrphanSweeps Sweeps { get; }

    public bool Leads { get; set; } = true;

    /// <summary>Reason and message of every Event, in order.</summary>
    public ConcurrentQueue<(string Regarding, string Reason, string Message)> Events { get; } = [];

    public string PoolUid => pool!.Metadata.Uid!;

    public static AwsSettings Aws { get; } = new() { Region = "eu-west-1", InstanceTypes = ["t3.small"] };

    CancellationToken ILeadership.Lost => CancellationToken.None;

    DateTimeOffset? ILeadership.TakenOver => Leads ? Time.GetUtcNow() : null;

    TimeSpan? ILeadership.LeadingFor => TimeSpan.Zero;

    public static async Task<SweepStand> StartAsync(Freeze? frozen = null)
    {
        var stand = new SweepStand(frozen);
        stand.pool = await stand.Api.CreateAsync(KontenaKinds.NodePools, new NodePool
        {
            ApiVersion = KontenaKinds.NodePools.ApiVersion,
            Kind = KontenaKinds.NodePools.Kind,
            Metadata = new ObjectMeta { Namespace = "shop", Name = "web" },
            Spec = new NodePoolSpec { Replicas = 1, Provider = new ProviderSpec { Aws = Aws } },
        }, WriteOptions.Default, CancellationToken.None);
        foreach (var informer in (IInformer[])[stand.pools, stand.nodes, stand.stones]) stand.running.Add(informer.RunAsync(stand.stop.Token));
        stand.running.Add(stand.hub.RunAsync(stand.stop.Token));
        foreach (var informer in (IInformer[])[stand.pools, stand.nodes, stand.stones]) await informer.WaitForSyncAsync(CancellationToken.None);
        return stand;
    }

    /// <summary>A node that has opened its first attempt; with a provider id, it has its machine.</summary>
    public async Task<KontenaNode> AddNodeAsync(string name, string? providerId, int attempt = 1)
    {
        var bare = await Api.CreateAsync(KontenaKinds.KontenaNodes, new KontenaNode
        {
            ApiVersion = KontenaKinds.KontenaNodes.ApiVersion,
            Kind = KontenaKinds.KontenaNodes.Kind,
            Metadata = new ObjectMeta { Namespace = "shop", Name = name, Finalizers = [ApiGroup.NodeFinalizer] },
            Spec = new KontenaNodeSpec { PoolName = "web", PoolUID = PoolUid, Revision = "r1", Ordinal = 0, Provider = new ProviderSpec { Aws = Aws } },
        }, WriteOptions.Default, CancellationToken.None);
        var uid = bare.Metadata.Uid!;
        var opened = new CreateAttempt
        {
            Number = attempt,
            NodeUID = uid,
            Token = Token.Of(uid, attempt),
            Type = "t3.small",
            Image = "ami-1",
            BootstrapRef = "b",
            BootstrapHash = "h",
            OpenedAt = Time.GetUtcNow(),
        };
        var node = await Api.UpdateAsync(KontenaKinds.KontenaNodes, bare with { Spec = bare.Spec with { Attempt = opened, ProviderID = providerId } }, WriteOptions.Default, CancellationToken.None);
        await UntilAsync(() => nodes.Store.Find(node.Metadata.Key)?.Metadata.ResourceVersion == node.Metadata.ResourceVersion, "the node is in the store");
        return node;
    }

    /// <summary>The node goes without a trace at the provider.</summary>
    public async Task RemoveNodeAsync(KontenaNode node)
    {
        await Api.UpdateAsync(KontenaKinds.KontenaNodes, node with { Metadata = node.Metadata with { Finalizers = null } }, WriteOptions.Default, CancellationToken.None);
        await Api.DeleteAsync(KontenaKinds.KontenaNodes, node.Metadata.Key, new DeleteQuery(), CancellationToken.None);
        await UntilAsync(() => nodes.Store.Find(node.Metadata.Key) is null, "the node is out of the store");
    }

    public Machine Machine(string id, string nodeUid, int attempt = 1) => new()
    {
        ProviderId = id,
        State = MachineState.Running,
        Marks = new MachineMarks(Installation, PoolUid, nodeUid, attempt),
        Token = Token.Of(nodeUid, attempt),
        CreatedAt = Time.GetUtcNow().AddHours(-1),
    };

    public async Task BuryAsync(KontenaNode node, Core.Orphans.TombstoneKind kind)
    {
        await Stones.WriteAsync(TombstoneDocument.Of(node, kind, Installation, Time.GetUtcNow()), CancellationToken.None);
        await StoneIsSeenAsync(node.Metadata.Uid!);
    }

    public Task StoneIsSeenAsync(string nodeUid) => UntilAsync(() => Stones.Contains(nodeUid), "the tombstone is in the store");

    /// <summary>Sweeps over a listing that was begun after everything before.</summary>
    public async Task<TimeSpan> SweepAsync()
    {
        await ListAsync();
        var sweep = Sweeps.SweepAsync(CancellationToken.None);
        var watch = Stopwatch.StartNew();
        // A call that fails is repeated by the driver after a pause: by this clock.
        while (await Task.WhenAny(sweep, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None)) != sweep)
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException("the sweep does not end");
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        return await sweep;
    }

    public async Task ListAsync()
    {
        var began = Time.GetUtcNow();
        hub.Expect("shop", Aws);
        var watch = Stopwatch.StartNew();
        while (!(hub.Last("shop", Aws)?.Listing.BegunAt > began) && !(Cloud.ListFault is not null && hub.Provider("shop", Aws) is Core.Pools.ProviderSeen.Fails))
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException("no listing");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    public static async Task UntilAsync(Func<bool> condition, string what) =>
        await Eventually.HoldsAsync(() => Task.FromResult(condition()), what, TimeSpan.FromSeconds(30), CancellationToken.None);

    bool ILeadership.MayWrite(TimeSpan margin) => Leads;

    void IEventRecorder.Record<T>(ResourceKind<T> kind, T regarding, EventType type, string reason, string message) =>
        Events.Enqueue((regarding.Metadata.Name!, reason, message));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        await drivers.DisposeAsync();
        stop.Dispose();
    }
}
