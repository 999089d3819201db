using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Inventories;
using Kontena.Operator.Tests.Controllers;

namespace Kontena.Operator.Tests.Inventories;

public sealed class InventoryHubTests
{
    private readonly FirewallStand stand = new();
    private CancellationTokenSource stop;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void Open() => stop = new CancellationTokenSource();

    [TearDown]
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        stop.Dispose();
    }

    [Test]
    public void SameAccount_WhicheverPoolAsks_IsOne()
    {
        var hub = new InventoryHub(stand.Context);

        var first = hub.Firewalls("prod", Samples.Aws(secret: null));

        Assert.That(hub.Firewalls("test", Samples.Aws(secret: null)), Is.SameAs(first), "the operator's own surroundings");
        Assert.That(hub.Firewalls("prod", Samples.Aws(secret: "aws")), Is.Not.SameAs(first), "other credentials");
        Assert.That(hub.Firewalls("prod", Samples.Aws(secret: null, region: "us-east-1")), Is.Not.SameAs(first), "another scope");
        Assert.That(hub.FirewallAccounts.Select(a => a.Key.Scope), Is.EquivalentTo(new[] { "eu-west-1", "eu-west-1", "us-east-1" }));
        Assert.That(hub.Accounts, Is.Empty, "who asks for firewalls has no machines listed");
    }

    [Test]
    public async Task ManyThreadsAskAtOnce_EachGetsTheSame_AndOneLoopRuns()
    {
        const int Threads = 4;
        const int Regions = 200;
        var hub = new InventoryHub(stand.Context);
        var running = hub.RunAsync(stop.Token);
        using var start = new Barrier(Threads);
        var answers = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(() => Enumerable.Range(0, Regions).Select(region =>
        {
            // Made before all are let go together, or they would hardly ever meet.
            var settings = Samples.Aws(secret: null, region: $"region-{region}");
            start.SignalAndWait(Ct);
            return hub.Firewalls("prod", settings);
        }).ToList(), Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        for (var region = 0; region < Regions; region++) Assert.That(answers.Select(a => a[region]).Distinct().Count(), Is.EqualTo(1), $"region {region}");
        await LivingStores.UntilAsync(() => stand.Time.WaitingTimers == Regions, "every loop pauses", Ct);
        Assert.That(stand.Firewalls.Listings, Is.EqualTo(Regions));
        await stop.CancelAsync();
        await running;
        Assert.That(stand.Time.WaitingTimers, Is.Zero, "every loop is joined");
    }

    [Test]
    public async Task AskedForBeforeTheStart_IsListedFromTheStart()
    {
        var hub = new InventoryHub(stand.Context);
        hub.Firewalls("prod", Samples.Aws(secret: null));
        Assert.That(stand.Firewalls.Listings, Is.Zero);

        var running = hub.RunAsync(stop.Token);
        await LivingStores.UntilAsync(() => stand.Firewalls.Listings == 1 && stand.Time.WaitingTimers == 1, "a listing and a pause", Ct);

        await stop.CancelAsync();
        await running;
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task OneLoopEndsByItself_AllEnd_WithItsError(bool isAskedForBefore)
    {
        var hub = new InventoryHub(stand.Context with { ListedFirewalls = (key, _) => Break(key) });
        if (isAskedForBefore) hub.Firewalls("prod", Samples.Aws(secret: null, region: "broken"));
        hub.Firewalls("prod", Samples.Aws(secret: null));
        hub.Provider("prod", Samples.Aws(secret: null));

        var running = hub.RunAsync(stop.Token);
        hub.Firewalls("prod", Samples.Aws(secret: null, region: "broken"));
        await LivingStores.UntilAsync(() => running.IsCompleted, "the end", Ct);

        Assert.That(running.Exception?.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.EqualTo("a bug"));
        Assert.That(stand.Time.WaitingTimers, Is.Zero, "the others are joined");
    }

    [Test]
    public async Task MachinesAreListedAgain_FirewallsInTrouble_AreListedAtOnce()
    {
        var hub = new InventoryHub(stand.Context);
        var firewalls = hub.Firewalls("prod", Samples.Aws(secret: null));
        stand.Firewalls.ListFault = new DriverException(DriverFault.Unavailable, "500");
        await firewalls.ListAsync(Ct);
        stand.Firewalls.ListFault = null;

        await ListMachinesAsync(hub);

        Assert.That(stand.News.Single().ProviderChanged, Is.True, "who waits for the provider is told, too");
        Assert.That(await ListingsOfLoopAsync(firewalls), Is.EqualTo(2), "the one that it begins with, and one without a pause");
    }

    [Test]
    public async Task MachinesAreListedAgain_FirewallsThatAreWell_AreLeft()
    {
        var hub = new InventoryHub(stand.Context);
        var firewalls = hub.Firewalls("prod", Samples.Aws(secret: null));
        await firewalls.ListAsync(Ct);

        await ListMachinesAsync(hub);

        Assert.That(stand.News.Single().ProviderChanged, Is.True);
        Assert.That(await ListingsOfLoopAsync(firewalls), Is.EqualTo(1));
    }

    /// <summary>They would only fail as well.</summary>
    [Test]
    public async Task MachinesCannotBeListedAnyMore_FirewallsInTrouble_AreLeft()
    {
        var hub = new InventoryHub(stand.Context);
        var firewalls = hub.Firewalls("prod", Samples.Aws(secret: null));
        stand.Firewalls.ListFault = stand.Cloud.ListFault = new DriverException(DriverFault.Unavailable, "500");
        await firewalls.ListAsync(Ct);

        await ListMachinesAsync(hub);

        Assert.That((stand.News.Single().ProviderChanged, hub.Accounts.Single().Provider), Is.EqualTo((true, (ProviderSeen)new ProviderSeen.Fails(DriverFault.Unavailable, "ProviderUnavailable", "500"))));
        stand.Firewalls.ListFault = null;
        Assert.That(await ListingsOfLoopAsync(firewalls), Is.EqualTo(1));
    }

    [Test]
    public async Task MachinesOfAnotherAccountAreListedAgain_FirewallsInTrouble_AreLeft()
    {
        var hub = new InventoryHub(stand.Context);
        var firewalls = hub.Firewalls("prod", Samples.Aws(secret: null, region: "us-east-1"));
        stand.Firewalls.ListFault = new DriverException(DriverFault.Unavailable, "500");
        await firewalls.ListAsync(Ct);
        stand.Firewalls.ListFault = null;

        await ListMachinesAsync(hub);

        Assert.That(await ListingsOfLoopAsync(firewalls), Is.EqualTo(1));
    }

    /// <summary>Answers that go on are no news of the provider: its firewalls keep the pause that they were asked for.</summary>
    [Test]
    public async Task MachinesAreListedAsBefore_FirewallsInTrouble_AreLeft()
    {
        var hub = new InventoryHub(stand.Context);
        await ListMachinesAsync(hub);
        var firewalls = hub.Firewalls("prod", Samples.Aws(secret: null));
        stand.Firewalls.ListFault = new DriverException(DriverFault.Unavailable, "500");
        await firewalls.ListAsync(Ct);
        stand.Firewalls.ListFault = null;

        stand.Cloud.Add(new Machine { ProviderId = "fake:///m-1", State = MachineState.Running, Marks = new MachineMarks(FirewallStand.Installation, "pool-uid", "node-uid", 1) });
        stand.Time.Advance(stand.Context.Pace.Settled);
        await LivingStores.UntilAsync(() => stand.Cloud.Listings == 2 && stand.Time.WaitingTimers == 1, "a second listing of machines", Ct);

        Assert.That(stand.News[^1].NodeUids, Is.EqualTo(new[] { "node-uid" }));
        Assert.That(await ListingsOfLoopAsync(firewalls), Is.EqualTo(1));
    }

    private static void Break(AccountKey key)
    {
        if (key.Scope == "broken") throw new InvalidOperationException("a bug");
    }

    /// <summary>The loop of an account's machines, up to its first pause: by then its news was told.</summary>
    private Task ListMachinesAsync(InventoryHub hub)
    {
        hub.Provider("prod", Samples.Aws(secret: null));
        _ = hub.Accounts.Single().RunAsync(stop.Token);
        return LivingStores.UntilAsync(() => stand.Time.WaitingTimers == 1, "the machines' loop pauses", Ct);
    }

    /// <summary>A loop that was woken before it began lists twice before its first pause, and one that was not, once.</summary>
    private async Task<int> ListingsOfLoopAsync(AccountFirewalls firewalls)
    {
        var before = stand.Firewalls.Listings;
        var pausing = stand.Time.WaitingTimers;
        _ = firewalls.RunAsync(stop.Token);
        await LivingStores.UntilAsync(() => stand.Time.WaitingTimers == pausing + 1, "the loop pauses", Ct);
        return stand.Firewalls.Listings - before;
    }
}
