using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.Grids;
using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Controllers.Ports;
using Kontena.Operator.Core.Nodes;
using Kontena.Operator.Credentials;
using Kontena.Operator.Grids;
using Kontena.Operator.Installations;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Clouds;
using Kontena.Operator.Tests.Grids;
using Kontena.Operator.Tests.Walks;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Ports;

/// <summary>
/// The controllers of ports with everything that they work with, on the thread of the test. Machines and the Master are listed every second;
/// firewalls are listed, controllers look and statuses are written when a test says so.
/// </summary>
internal sealed class PortsStand : IDisposable, IEventRecorder, ILeadership
{
    public const string Inst = "inst-1";

    private static readonly Pace pace = new() { Settled = TimeSpan.FromSeconds(1), Quick = TimeSpan.FromSeconds(1), GridSettled = TimeSpan.FromSeconds(1) };

    private readonly OneThread thread = new();
    private readonly HashSet<object> begun = [];
    private readonly Informer<NodePool> pools;
    private readonly Informer<KontenaNode> nodes;
    private readonly Informer<Grid> grids;
    private readonly GridHub masters;
    private readonly PoolPortsReconciler poolPorts;
    private readonly GridPortsReconciler gridPorts;

    public PortsStand(Freeze? frozen = null)
    {
        Api = new MemoryApi(Time);
        Cloud = new FakeCloud(Time);
        Cloud.Firewalls = Firewalls = new FakeFirewalls(Cloud, Time);
        Elsewhere = new FakeCloud(Time);
        Elsewhere.Firewalls = new FakeFirewalls(Elsewhere, Time);
        Master = new FakeMaster(Time);
        TakenOver = Time.GetUtcNow().AddHours(-1);
        pools = Informer(KontenaKinds.NodePools, new Store<NodePool>());
        nodes = Informer(KontenaKinds.KontenaNodes, NodeIndexes.NewStore());
        grids = Informer(KontenaKinds.Grids, GridClaims.NewStore());
        var accounts = new ProviderAccounts(new CredentialSecrets(Api, pace, Time), (settings, _) => ValueTask.FromResult(AccountOf(settings.InventoryScope)));
        var hub = new InventoryHub(new InventoryContext(accounts, Inst, static _ => { }, pace, Time, NullLogger.Instance) { AnnounceFirewalls = _ => Announced++ });
        var connections = new GridConnections(new GridSecrets(Api, pace, Time), Time, (_, _) => Master, () => true);
        masters = new GridHub(new GridHubContext(grids, connections, pace, Time, NullLogger.Instance), static _ => { });
        Context = new PortsContext(pools.Store, nodes.Store, grids.Store, new Installation(Inst, frozen), hub, accounts, masters,
            new GridSecretHolds(Api, new Finalizers(Api)), new FirewallTraces(this, Time), new PortBook(), this, pace, Time, NullLogger.Instance);
        var round = new FirewallRound(Context);
        poolPorts = new PoolPortsReconciler(Context, round, new Attachments(Context), new SecretHolds(Api, new Finalizers(Api), pools.Store, nodes.Store), pool => Woken.Add(pool.Metadata.Name!));
        gridPorts = new GridPortsReconciler(Context, round, grid => Woken.Add(grid.Metadata.Name!));
        foreach (var informer in (IInformer[])[pools, nodes, grids]) Run(() => _ = informer.RunAsync(CancellationToken.None));
    }

    public ManualTime Time { get; } = new();

    public MemoryApi Api { get; }

    public FakeCloud Cloud { get; }

    public FakeFirewalls Firewalls { get; }

    /// <summary>What is in another region.</summary>
    public FakeCloud Elsewhere { get; }

    public FakeMaster Master { get; }

    public PortsContext Context { get; }

    public PortBook Book => Context.Book;

    public DateTimeOffset? TakenOver { get; init; }

    /// <summary>How often somebody was told of an account's firewalls.</summary>
    public int Announced { get; private set; }

    /// <summary>Names of owners whose firewalls looked different, each time.</summary>
    public List<string> Woken { get; } = [];

    public List<string> Events { get; } = [];

    CancellationToken ILeadership.Lost => CancellationToken.None;

    TimeSpan? ILeadership.LeadingFor => TimeSpan.Zero;

    bool ILeadership.MayWrite(TimeSpan margin) => true;

    public NodePool Pool(string name) => Context.Pools.Find(new(Controllers.Samples.Namespace, name))!;

    public Grid Grid(string name) => Context.Grids.Find(new(Controllers.Samples.Namespace, name))!;

    public T Create<T>(ResourceKind<T> kind, T resource) where T : class, IResource => Ask(() => Api.CreateAsync(kind, resource, WriteOptions.Default, CancellationToken.None));

    public T Update<T>(ResourceKind<T> kind, T resource, bool status = false) where T : class, IResource =>
        Ask(() => Api.UpdateAsync(kind, resource, status ? WriteOptions.Status : WriteOptions.Default, CancellationToken.None));

    public void Delete<T>(ResourceKind<T> kind, T resource) where T : class, IResource => Ask(() => Api.DeleteAsync(kind, resource.Metadata.Key, new DeleteQuery(), CancellationToken.None));

    /// <summary>One look of the pool's controller; nothing is written to its status.</summary>
    public Next Look(NodePool pool) => Ask(() => poolPorts.ReconcileAsync(pool.Metadata.Key, CancellationToken.None));

    /// <inheritdoc cref="Look(NodePool)"/>
    public Next Look(Grid grid) => Ask(() => gridPorts.ReconcileAsync(grid.Metadata.Key, CancellationToken.None));

    /// <summary>Writes down what the last look wants written, as the pool's own controller does.</summary>
    public void Tell(NodePool pool)
    {
        if (Book.Of(pool.Metadata.Uid!)?.Records is { } records) Update(KontenaKinds.NodePools, Pool(pool.Metadata.Name!) is var now ? now with { Status = (now.Status ?? new()) with { Firewalls = records } } : pool, status: true);
    }

    /// <inheritdoc cref="Tell(NodePool)"/>
    public void Tell(Grid grid)
    {
        if (Book.Of(grid.Metadata.Uid!)?.Records is { } records) Update(KontenaKinds.Grids, Grid(grid.Metadata.Name!) is var now ? now with { Status = (now.Status ?? new()) with { Firewalls = records } } : grid, status: true);
    }

    /// <summary>A second passes, then all firewalls are listed.</summary>
    public void List()
    {
        Pass(TimeSpan.FromSeconds(1));
        foreach (var account in Context.Inventories.FirewallAccounts.ToList()) Ask(() => account.ListAsync(CancellationToken.None));
        Pass(TimeSpan.FromSeconds(1));
    }

    /// <summary>Listings, looks and statuses until nothing is written any more.</summary>
    public void Settle(NodePool? pool, Grid? grid = null)
    {
        for (var i = 0; i < 8; i++)
        {
            if (pool is not null) Look(pool);
            if (grid is not null) Look(grid);
            if (pool is not null) Tell(pool);
            if (grid is not null) Tell(grid);
            List();
        }
    }

    public void Pass(TimeSpan time) => Run(() => Time.Advance(time));

    public void Record<T>(ResourceKind<T> kind, T regarding, EventType type, string reason, string message) where T : class, IResource => Events.Add($"{regarding.Metadata.Name} {reason}: {message}");

    public void Dispose()
    {
        // Loops are left where they stand, as by a process that dies.
        thread.End();
        Assert.That(thread.WasLeft, Is.False, "all of it runs on the thread of the test");
        masters.Dispose();
    }

    public T Ask<T>(Func<Task<T>> call)
    {
        Task<T>? task = null;
        Run(() => task = call());
        Assert.That(task!.IsCompleted, "what is called answers on the spot");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Does this and all that follows from it. An account is listed from when somebody first asks for it, a Master from when its Grid is.</summary>
    private void Run(Action action)
    {
        thread.Run(action);
        foreach (var account in Context.Inventories.Accounts.Where(begun.Add).ToList()) thread.Run(() => _ = account.RunAsync(CancellationToken.None));
        foreach (var (poll, _) in masters.Polls.Where(p => begun.Add(p.Poll)).ToList()) thread.Run(() => _ = poll.RunAsync(CancellationToken.None));
    }

    private Informer<T> Informer<T>(ResourceKind<T> kind, Store<T> store) where T : class, IResource =>
        new(Api, kind, store, InformerOptions.Default, Time, () => 0, NullLogger.Instance);

    /// <summary>One scope, and all others.</summary>
    private MachineAccount AccountOf(string scope)
    {
        var driver = scope == Ours.Scope ? Cloud : Elsewhere;
        return new MachineAccount(driver, new Inventory(driver, Inst, Time));
    }
}
