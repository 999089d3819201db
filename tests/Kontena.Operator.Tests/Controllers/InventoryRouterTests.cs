using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Inventories;
using Kontena.Operator.Resources;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Controllers;

public sealed class InventoryRouterTests
{
    private static readonly AccountKey account = AccountKey.Of(Samples.Namespace, Samples.Aws());

    private readonly ManualTime time = new();
    private readonly MemoryApi api;

    public InventoryRouterTests() => api = new MemoryApi(time);

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task KnownNodeLooksDifferent_OnlyThatNodeWakes() =>
        Assert.That(await WokenAsync(node => new InventoryNews(account, [node], ProviderChanged: false, First: false)), Is.EqualTo("prod/web-0"));

    [Test]
    public async Task UnknownNodeAppears_ThePoolsOfTheAccountWake() =>
        Assert.That(await WokenAsync(_ => new InventoryNews(account, ["stranger"], ProviderChanged: false, First: false)), Is.EqualTo("prod/web"));

    [Test]
    public async Task FirstListing_AllOfTheAccountWake() =>
        Assert.That(await WokenAsync(_ => new InventoryNews(account, [], ProviderChanged: false, First: true)), Is.EqualTo("prod/web prod/web-0 prod/web-1 ids"));

    [Test]
    public async Task ProviderAnswersAgain_ThePoolsOfTheAccountWake() =>
        Assert.That(await WokenAsync(_ => new InventoryNews(account, [], ProviderChanged: true, First: false)), Is.EqualTo("prod/web ids"));

    private async Task<string> WokenAsync(Func<string, InventoryNews> news)
    {
        await api.CreateAsync(KontenaKinds.NodePools, Samples.Pool("web"), WriteOptions.Default, Ct);
        await api.CreateAsync(KontenaKinds.NodePools, Samples.Pool("elsewhere", Samples.Aws(region: "us-east-1")), WriteOptions.Default, Ct);
        var node = await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("web-0"), WriteOptions.Default, Ct);
        await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("web-1"), WriteOptions.Default, Ct);
        await api.CreateAsync(KontenaKinds.KontenaNodes, Samples.Node("elsewhere-0", Samples.Aws(region: "us-east-1")), WriteOptions.Default, Ct);
        await using var stores = await LivingStores.OpenAsync(api, time, Ct);
        var looksAtIds = false;
        using var pools = new WorkQueue("pools", Backoff.Reconcile, time, () => 0);
        using var nodes = new WorkQueue("nodes", Backoff.Reconcile, time, () => 0);
        var router = new InventoryRouter(stores.Pools.Store, stores.Nodes.Store, new Store<Grid>()) { PoolQueue = pools, NodeQueue = nodes, LookAtIds = () => looksAtIds = true };

        router.Route(news(node.Metadata.Uid!));

        return string.Join(' ', [.. await AllAsync(pools), .. await AllAsync(nodes), .. looksAtIds ? ["ids"] : Array.Empty<string>()]);
    }

    private static async Task<List<string>> AllAsync(WorkQueue queue)
    {
        List<string> keys = [];
        while (queue.Depth > 0) keys.Add((await queue.TakeAsync(Ct)).ToString()!);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }
}
