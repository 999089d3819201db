using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;
using Kontena.Operator.Tests.Controllers;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Inventories;

/// <summary>A router over objects in an API in memory, and whom it wakes.</summary>
internal sealed class RouterStand
{
    private readonly ManualTime time = new();
    private readonly MemoryApi api;

    public RouterStand() => api = new MemoryApi(time);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    public static FirewallRef Firewall(string scope = "eu-west-1", string provider = "aws") => new() { Provider = provider, Scope = scope, Name = $"kontena-{provider}-{scope}" };

    public async Task<NodePool> PoolAsync(string name, string region = "eu-west-1", string? grid = null, FirewallRef? firewall = null, string ns = Samples.Namespace)
    {
        var pool = Samples.Pool(name, Samples.Aws(region: region));
        var made = await api.CreateAsync(KontenaKinds.NodePools, pool with { Metadata = pool.Metadata with { Namespace = ns }, Spec = pool.Spec with { GridRef = grid is null ? null : new GridRef { Name = grid } } }, WriteOptions.Default, Ct);
        return firewall is null ? made : await api.UpdateAsync(KontenaKinds.NodePools, made with { Status = new NodePoolStatus { Firewalls = [firewall] } }, WriteOptions.Status, Ct);
    }

    public async Task<Grid> GridAsync(string name, FirewallRef? firewall = null)
    {
        var grid = new Grid
        {
            ApiVersion = KontenaKinds.Grids.ApiVersion,
            Kind = KontenaKinds.Grids.Kind,
            Metadata = new ObjectMeta { Namespace = Samples.Namespace, Name = name },
            Spec = new GridSpec { Master = new MasterSpec { Url = "https://master.example.com", TokenRef = new TokenRef { Name = "master" } } },
        };
        var made = await api.CreateAsync(KontenaKinds.Grids, grid, WriteOptions.Default, Ct);
        return firewall is null ? made : await api.UpdateAsync(KontenaKinds.Grids, made with { Status = new GridStatus { Firewalls = [firewall] } }, WriteOptions.Status, Ct);
    }

    public Task<KontenaNode> NodeAsync(string name, NodePool? pool = null, string? grid = null)
    {
        var node = Samples.Node(name);
        return api.CreateAsync(KontenaKinds.KontenaNodes, node with
        {
            Metadata = node.Metadata with { OwnerReferences = pool is null ? [] : [new OwnerReference { ApiVersion = KontenaKinds.NodePools.ApiVersion, Kind = KontenaKinds.NodePools.Kind, Name = pool.Metadata.Name!, Uid = pool.Metadata.Uid! }] },
            Spec = node.Spec with { GridRef = grid is null ? null : new GridRef { Name = grid } },
        }, WriteOptions.Default, Ct);
    }

    /// <summary>Each queue with what it was given, in the order of names; a queue without is left out.</summary>
    public async Task<string> WokenAsync(Action<InventoryRouter> act)
    {
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        using var stop = new CancellationTokenSource();
        var grids = new Informer<Grid>(api, KontenaKinds.Grids, new Store<Grid>(), InformerOptions.Default, time, () => 0, NullLogger.Instance);
        var running = grids.RunAsync(stop.Token);
        await grids.WaitForSyncAsync(Ct);
        using var pools = Queue();
        using var nodes = Queue();
        using var gridQueue = Queue();
        using var poolPorts = Queue();
        using var gridPorts = Queue();

        act(new InventoryRouter(stores.Pools.Store, stores.Nodes.Store, grids.Store) { PoolQueue = pools, NodeQueue = nodes, GridQueue = gridQueue, PoolPortsQueue = poolPorts, GridPortsQueue = gridPorts });

        List<string> woken = [];
        foreach (var (name, queue) in new[] { ("pools", pools), ("nodes", nodes), ("grids", gridQueue), ("pools' ports", poolPorts), ("grids' ports", gridPorts) })
            if (queue.Depth > 0)
                woken.Add($"{name}: {string.Join(' ', await AllAsync(queue))}");
        await stop.CancelAsync();
        await running;
        return string.Join("; ", woken);
    }

    private WorkQueue Queue() => new("any", Backoff.Reconcile, time, () => 0);

    private static async Task<List<string>> AllAsync(WorkQueue queue)
    {
        List<string> keys = [];
        while (queue.Depth > 0) keys.Add((await queue.TakeAsync(Ct)).ToString()!);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
