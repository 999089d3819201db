using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Grids;
using Kontena.Operator.Controllers.Identities;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Controllers.Orphans;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Credentials;
using Kontena.Operator.Grids;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator;

/// <summary>Every object of a running operator, in order: the whole system on one page.</summary>
internal sealed class Wiring : IAsyncDisposable
{
    private readonly ControllerHost host;
    private readonly Drivers drivers;
    private readonly List<IDisposable> subscriptions = [];
    private readonly Func<CancellationToken, Task>? thaw;

    private Wiring(IKubeApi api, OperatorSettings settings, InstallationRecord record, Installation installation, Surroundings surroundings)
    {
        var (time, logs, chance) = (surroundings.Time, surroundings.Logs, surroundings.Chance);
        // Frozen: a human mends the record, and nothing else in here can hear of that.
        thaw = installation.Frozen is null ? null : ct => record.AwaitChangeAsync(installation, settings.Pace.LookAgain, time, ct);
        var watch = new InformerOptions { Namespace = settings.WatchNamespace };
        Pools = new Informer<NodePool>(api, KontenaKinds.NodePools, new Store<NodePool>(), watch, time, chance, logs.CreateLogger("Informer"));
        Nodes = new Informer<KontenaNode>(api, KontenaKinds.KontenaNodes, NodeIndexes.NewStore(), watch, time, chance, logs.CreateLogger("Informer"));
        Grids = new Informer<Grid>(api, KontenaKinds.Grids, GridClaims.NewStore(), watch, time, chance, logs.CreateLogger("Informer"));

        var election = settings.LeaderElection
            ? new LeaderElection(api, settings.Election, surroundings.LeaseClock, chance, logs.CreateLogger("LeaderElection"))
            : null;
        Leadership = election ?? (ILeadership)new AlwaysLeading(time);
        var fenced = new FencedApi(api, Leadership, OperatorSettings.LongestCall);

        drivers = new Drivers(new DriverEnvironment(time, logs, installation.Id)
        {
            Fence = new WriteFence(() => Leadership.MayWrite(OperatorSettings.LongestCall)),
            Resilience = settings.Resilience,
            Pace = settings.ProviderPace,
        }, surroundings.OpenDriver);
        var accounts = new ProviderAccounts(new CredentialSecrets(api, settings.Pace, time), surroundings.OpenAccount ?? drivers.OpenAsync);
        var router = new InventoryRouter(Pools.Store, Nodes.Store, Grids.Store);
        Inventories = new InventoryHub(new InventoryContext(accounts, installation.Id, router.Route, settings.Pace, time, logs.CreateLogger("Inventory")) { AnnounceFirewalls = router.Route, ListedFirewalls = new UnownedFirewalls(Pools.Store, Grids.Store, logs.CreateLogger("Ports")).Look });

        var gridRouter = new GridRouter(Pools.Store, Nodes.Store);
        var connections = new GridConnections(new GridSecrets(api, settings.Pace, time), time, surroundings.OpenMaster, () => Leadership.MayWrite(OperatorSettings.LongestCall));
        GridHub = new GridHub(new GridHubContext(Grids, connections, settings.Pace, time, logs.CreateLogger("Grids")), gridRouter.Route);

        List<Informer<ConfigMap>> stones = [.. settings.TombstoneNamespaces.Select(ns => new Informer<ConfigMap>(api, CoreKinds.ConfigMap, Tombstones.NewStore(), Tombstones.Watch(ns), time, chance, logs.CreateLogger("Informer")))];
        var tombstones = new Tombstones(fenced, stones, settings.OwnNamespace);
        var events = new EventRecorder(api, new EventRecorderOptions { Instance = settings.Identity }, time, chance, logs.CreateLogger("Events"));
        var ledger = new WriteLedger(time);
        var finalizers = new Finalizers(fenced);
        var finalised = new FinalisedNodes(time);
        subscriptions.Add(finalised.Follow(Nodes.Store));

        var slots = new GridSlots(fenced);
        var ports = new PortBook();
        var gridSecrets = new GridSecretHolds(fenced, finalizers);
        var gridContext = new GridContext(fenced, Grids, Nodes.Store, GridHub, slots, ports, ledger, events, settings.Pace, time, logs.CreateLogger("Grids"));
        var subnets = new GridSubnets(gridContext);
        var grids = new Controller(new GridsReconciler(gridContext, new GridActions(gridContext, finalizers, gridSecrets, subnets), subnets), new ControllerOptions { Workers = settings.GridWorkers }, time, chance, logs.CreateLogger("Grids"))
            .Watches(Grids, OwnerMap.ToSelf())
            .Watches(Nodes, GridsThatWaitFor);

        var book = new IdentityBook();
        var poolContext = new PoolContext(fenced, Pools, Nodes, installation, Inventories, GridHub, finalised, tombstones, Grids.Store, ports, book, ledger, events, time, logs.CreateLogger("NodePools"));
        var secrets = new SecretHolds(fenced, finalizers, Pools.Store, Nodes.Store);
        var poolActions = new PoolActions(poolContext, finalizers, secrets);
        var pools = new Controller(new NodePoolsReconciler(poolContext, poolActions, new FirstLook([Pools, Nodes, .. stones])), new ControllerOptions { Workers = settings.PoolWorkers }, time, chance, logs.CreateLogger("NodePools"))
            .Watches(Pools, OwnerMap.ToSelf())
            .Watches(Nodes, node => [NodeIndexes.PoolOf(node)]);

        var traces = new AttemptTraces(Leadership, time);
        var entries = new EntryContext(GridHub, slots, new MasterTraces(Leadership, time), new Registrations(time), new ContainerCounts(time), surroundings.RandomBytes);
        subscriptions.Add(Nodes.Store.Subscribe(change => Forget(change, traces, entries.Traces, ledger)));
        var nodeContext = new NodeContext(fenced, Nodes, Pools.Store, Grids.Store, ports, book, installation, Inventories, accounts, traces, new ExhaustedOfferings(time), entries, ledger, events, settings.Pace, time, logs.CreateLogger("Nodes"));
        var bootstraps = new BootstrapSecrets(fenced, settings.Pace);
        var nodes = new Controller(new NodesReconciler(nodeContext, new NodeActions(nodeContext, new EntryActions(nodeContext, bootstraps), bootstraps, secrets, finalizers, tombstones)), new ControllerOptions { Workers = settings.NodeWorkers }, time, chance, logs.CreateLogger("Nodes"))
            .Watches(Nodes, OwnerMap.ToSelf())
            .Watches(Pools, NodesOf);

        var firewallTraces = new FirewallTraces(Leadership, time);
        subscriptions.Add(Pools.Store.Subscribe(change => Forget(change, ports, firewallTraces)));
        subscriptions.Add(Grids.Store.Subscribe(change => Forget(change, ports, firewallTraces)));
        var portsContext = new PortsContext(Pools.Store, Nodes.Store, Grids.Store, installation, Inventories, accounts, GridHub, gridSecrets, firewallTraces, ports, events, settings.Pace, time, logs.CreateLogger("Ports"));
        var round = new FirewallRound(portsContext);
        var poolPorts = new Controller(new PoolPortsReconciler(portsContext, round, new Attachments(portsContext), secrets, router.Wake), new ControllerOptions { Workers = settings.PoolWorkers }, time, chance, logs.CreateLogger("Ports"))
            .Watches(Pools, OwnerMap.ToSelf())
            .Watches(Nodes, node => [NodeIndexes.PoolOf(node)]);
        var gridPorts = new Controller(new GridPortsReconciler(portsContext, round, router.Wake), new ControllerOptions { Workers = settings.GridWorkers }, time, chance, logs.CreateLogger("Ports"))
            .Watches(Grids, OwnerMap.ToSelf())
            .Watches(Nodes, node => NodeIndexes.GridOf(node) is { } key ? [key] : [])
            .Watches(Pools, pool => pool.Spec.GridRef is { } reference ? [new(pool.Metadata.Namespace!, reference.Name)] : []);

        var following = new IdentityFollowing(Pools.Store, Nodes.Store);
        subscriptions.AddRange([following.FollowNodes(), following.FollowPools()]);
        var identityContext = new IdentityContext(Pools.Store, Nodes.Store, Grids.Store, GridHub, Inventories, entries.Traces, installation, book, settings.Pace, time, logs.CreateLogger("Identities"));
        var identities = new Controller(new IdentitiesReconciler(identityContext, following.Wake), new ControllerOptions { Workers = 1 }, time, chance, logs.CreateLogger("Identities"))
            .Watches(Nodes, _ => []).Watches(Pools, _ => []).Watches(Grids, _ => []);

        Orphans = new OrphanSweeps(new OrphanContext(fenced, settings.WatchNamespace, Pools, Nodes, tombstones, installation, Inventories, accounts, Leadership, OperatorSettings.LongestCall, events, settings.Pace, time, logs.CreateLogger("Orphans")));
        subscriptions.AddRange(tombstones.Follow(Orphans.Wake));

        router.Orphans = Orphans;
        router.PoolQueue = pools.Queue;
        router.NodeQueue = nodes.Queue;
        (gridRouter.GridQueue, gridRouter.PoolQueue, gridRouter.NodeQueue, gridRouter.GridPortsQueue) = (grids.Queue, pools.Queue, nodes.Queue, gridPorts.Queue);
        (router.GridQueue, router.PoolPortsQueue, router.GridPortsQueue) = (grids.Queue, poolPorts.Queue, gridPorts.Queue);
        (following.Queue, following.NodeQueue, following.PoolQueue) = (identities.Queue, nodes.Queue, pools.Queue);
        (gridRouter.LookAtIds, router.LookAtIds) = (following.Look, following.Look);
        Controllers = [pools, nodes, grids, poolPorts, gridPorts, identities];
        Informers = [Pools, Nodes, Grids, .. stones];
        host = new ControllerHost(new HostedParts(Informers, Controllers, events, election), logs.CreateLogger("Host"));
    }

    public Informer<NodePool> Pools { get; }

    public Informer<KontenaNode> Nodes { get; }

    public Informer<Grid> Grids { get; }

    public ILeadership Leadership { get; }

    public IReadOnlyList<IInformer> Informers { get; }

    public IReadOnlyList<Controller> Controllers { get; }

    public InventoryHub Inventories { get; }

    public GridHub GridHub { get; }

    public OrphanSweeps Orphans { get; }

    /// <summary>Reads the installation's record, then puts everything together. Nothing runs yet.</summary>
    /// <exception cref="KubeFault">The API server did not answer, or refused.</exception>
    public static async Task<Wiring> OfAsync(IKubeApi api, OperatorSettings settings, Surroundings surroundings, CancellationToken ct)
    {
        var record = new InstallationRecord(api, settings.OwnNamespace, settings.WatchNamespace);
        var installation = await record.LoadAsync(ct);
        if (installation.Frozen is { } freeze) surroundings.Logs.CreateLogger("Installation").LogError("{Reason}: {Message}", freeze.Reason, freeze.Message);
        return new Wiring(api, settings, record, installation, surroundings);
    }

    /// <summary>Runs until cancelled. Any part that ends by itself ends all, with its error.</summary>
    /// <returns>True where the installation's record has changed: everything must be put together anew.</returns>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var parts = new[] { host.RunAsync(stop.Token), Inventories.RunAsync(stop.Token), GridHub.RunAsync(stop.Token), Orphans.RunAsync(stop.Token) };
        var change = thaw?.Invoke(stop.Token);
        await Task.WhenAny(change is null ? parts : [.. parts, change]);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
        if (change is null) return false;
        // Cancelled unless it was the reason to end.
        await Task.WhenAny(change);
        return change.IsCompletedSuccessfully && !ct.IsCancellationRequested;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in subscriptions) subscription.Dispose();
        foreach (var controller in Controllers) controller.Dispose();
        GridHub.Dispose();
        await drivers.DisposeAsync();
    }

    /// <summary>Whoever took the finalizer off: what is remembered of a node goes with it.</summary>
    private static void Forget(StoreChange<KontenaNode> change, AttemptTraces traces, MasterTraces masters, WriteLedger ledger)
    {
        if (change is not StoreChange<KontenaNode>.Removed { Last.Metadata.Uid: { } uid }) return;
        traces.Forget(uid);
        masters.Forget(uid);
        ledger.Forget(uid);
    }

    private static void Forget<T>(StoreChange<T> change, PortBook ports, FirewallTraces traces) where T : class, Kubernetes.Resources.IResource
    {
        if (change is not StoreChange<T>.Removed { Last.Metadata.Uid: { } uid }) return;
        ports.Forget(uid);
        traces.Forget(uid);
    }

    /// <summary>A pool that is paused, deleted or mended wakes its nodes.</summary>
    private IEnumerable<Kubernetes.Resources.ObjectKey> NodesOf(NodePool pool) =>
        Nodes.Store.ByIndex(StoreIndex.OwnerUid, pool.Metadata.Uid!).Select(n => n.Metadata.Key);

    /// <summary>A Grid that is being deleted waits for its nodes; one whose initial member is being replaced waits for that one.</summary>
    private IEnumerable<Kubernetes.Resources.ObjectKey> GridsThatWaitFor(KontenaNode node) =>
        NodeIndexes.GridOf(node) is { } key && Grids.Store.Find(key) is { } grid && (grid.Metadata.IsBeingDeleted || grid.Status?.Replacing?.NodeUID == node.Metadata.Uid) ? [key] : [];
}
