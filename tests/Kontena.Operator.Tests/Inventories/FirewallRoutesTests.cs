using Kontena.Operator.Inventories;
using Kontena.Operator.Tests.Controllers;

namespace Kontena.Operator.Tests.Inventories;

/// <summary>Who hears of firewalls that look different.</summary>
public sealed class FirewallRoutesTests
{
    private static readonly AccountKey account = AccountKey.Of(Samples.Namespace, Samples.Aws());

    private readonly RouterStand stand = new();

    [Test]
    public async Task Listing_PoolsOfTheAccountAndTheirGrids_Wake()
    {
        await stand.PoolAsync("web", grid: "prod");
        await stand.PoolAsync("plain");
        await stand.PoolAsync("elsewhere", region: "us-east-1", grid: "other");
        await stand.PoolAsync("theirs", grid: "prod", ns: "test");

        Assert.That(await ListingAsync(), Is.EqualTo("pools' ports: prod/plain prod/web; grids' ports: prod/prod"));
    }

    [Test]
    public async Task Listing_PoolThatMovedAwayAndLeftAFirewall_Wakes()
    {
        await stand.PoolAsync("moved", region: "us-east-1", grid: "prod", firewall: RouterStand.Firewall());

        Assert.That(await ListingAsync(), Is.EqualTo("pools' ports: prod/moved; grids' ports: prod/prod"));
    }

    [Test]
    public async Task Listing_PoolWithFirewallsInOtherAccounts_Sleeps()
    {
        await stand.PoolAsync("scope", region: "us-east-1", firewall: RouterStand.Firewall(scope: "us-east-1"));
        await stand.PoolAsync("provider", region: "us-east-1", firewall: RouterStand.Firewall(provider: "azure"));

        Assert.That(await ListingAsync(), Is.Empty);
    }

    [Test]
    public async Task Listing_GridWhoseLastPoolThereIsGone_Wakes()
    {
        await stand.GridAsync("left", RouterStand.Firewall());
        await stand.GridAsync("scope", RouterStand.Firewall(scope: "us-east-1"));
        await stand.GridAsync("provider", RouterStand.Firewall(provider: "azure"));
        await stand.GridAsync("none");

        Assert.That(await ListingAsync(), Is.EqualTo("grids' ports: prod/left"));
    }

    [Test]
    public async Task MachineLooksDifferent_ItsPoolAndGrid_LookAtPortsAnew()
    {
        var node = await stand.NodeAsync("web-0", grid: "prod");
        await stand.NodeAsync("web-1", grid: "other");

        Assert.That(await stand.WokenAsync(r => r.Route(new InventoryNews(account, [node.Metadata.Uid!], ProviderChanged: false, First: false))),
            Is.EqualTo("nodes: prod/web-0; pools' ports: prod/web; grids' ports: prod/prod"));
    }

    [Test]
    public async Task PoolsFirewalls_ItsNodesAndGridWake()
    {
        var web = await stand.PoolAsync("web", grid: "prod");
        var other = await stand.PoolAsync("other", grid: "prod");
        await stand.NodeAsync("web-0", web, grid: "prod");
        await stand.NodeAsync("other-0", other, grid: "prod");

        Assert.That(await stand.WokenAsync(r => r.Wake(web)), Is.EqualTo("pools: prod/web; nodes: prod/web-0; grids' ports: prod/prod"));
    }

    [Test]
    public async Task FirewallsOfAPoolWithoutGrid_OnlyItAndItsNodesWake()
    {
        var web = await stand.PoolAsync("web");
        await stand.NodeAsync("web-0", web);

        Assert.That(await stand.WokenAsync(r => r.Wake(web)), Is.EqualTo("pools: prod/web; nodes: prod/web-0"));
    }

    [Test]
    public async Task GridsFirewalls_ItsNodesAndPoolsWake_AndNobodyElses()
    {
        var grid = await stand.GridAsync("prod");
        await stand.PoolAsync("web", grid: "prod");
        await stand.PoolAsync("far", region: "us-east-1", grid: "prod");
        await stand.PoolAsync("other", grid: "other");
        await stand.PoolAsync("plain");
        await stand.PoolAsync("namesake", grid: "prod", ns: "test");
        await stand.NodeAsync("web-0", grid: "prod");
        await stand.NodeAsync("other-0", grid: "other");

        Assert.That(await stand.WokenAsync(r => r.Wake(grid)), Is.EqualTo("pools: prod/far prod/web; nodes: prod/web-0; grids: prod/prod; pools' ports: prod/far prod/web"));
    }

    private Task<string> ListingAsync() => stand.WokenAsync(router => router.Route(account));
}
