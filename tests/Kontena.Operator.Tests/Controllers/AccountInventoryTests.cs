using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Pools;
using Kontena.Operator.Credentials;
using Kontena.Operator.Inventories;
using Kontena.Operator.Providers;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Tests.Clouds;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Tests.Controllers;

/// <summary>When an account is listed, to the second.</summary>
public sealed class AccountInventoryTests
{
    private readonly ManualTime time = new();
    private readonly List<InventoryNews> news = [];
    private FakeCloud cloud;
    private CancellationTokenSource stop;
    private AccountInventory inventory;
    private Drivers drivers;
    private Task running = Task.CompletedTask;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void Open()
    {
        stop = new CancellationTokenSource();
        cloud = new FakeCloud(time);
        var once = new CallFamilyOptions { Repeats = 0, PerSecond = 1000, Burst = 1000, BreakerMinimum = 1000 };
        drivers = new Drivers(new DriverEnvironment(time, NullLoggerFactory.Instance, "installation") { Resilience = new ResilienceOptions { Reads = once } }, (_, _, _) => cloud);
        var pace = new Pace();
        var settings = Samples.Aws(secret: null);
        var context = new InventoryContext(new ProviderAccounts(new CredentialSecrets(new MemoryApi(time), pace, time), drivers.OpenAsync), "installation", Announce, pace, time, NullLogger.Instance);
        inventory = new AccountInventory(AccountKey.Of(Samples.Namespace, settings), Samples.Namespace, settings, context);
    }

    [TearDown]
    public async Task Stop()
    {
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // Stopped by its owner.
        }
        await drivers.DisposeAsync();
        stop.Dispose();
    }

    [Test]
    public async Task Settled_IsListedOnceAMinute()
    {
        await RunAsync();

        await NotBeforeAsync(60);
        await NotBeforeAsync(60);
    }

    [Test]
    public async Task Expect_IsListedAtOnce_ThenEveryTwoSecondsForHalfAMinute()
    {
        await RunAsync();
        ALittleLater();

        inventory.Expect();
        await ListedAsync(2);
        // At 2, 4, … 30 s; the last of them finds that the half minute is over.
        for (var listing = 3; listing <= 17; listing++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await ListedAsync(listing);
        }
        await NotBeforeAsync(60);
    }

    [Test]
    public async Task Expect_AgainWhileItIsQuick_DoesNotListAtOnce()
    {
        await RunAsync();
        ALittleLater();
        inventory.Expect();
        await ListedAsync(2);

        inventory.Expect();
        inventory.Expect();

        await NotBeforeAsync(2);
    }

    [Test]
    public async Task Unavailable_PausesGrow_AndOneAnswerEndsThem()
    {
        cloud.ListFault = new DriverException(DriverFault.Unavailable, "500");
        await RunAsync();

        foreach (var pause in new[] { 1, 2, 4, 8 }) await NotBeforeAsync(pause);
        cloud.ListFault = null;
        await NotBeforeAsync(16);
        await NotBeforeAsync(60);

        Assert.That(inventory.Provider, Is.TypeOf<ProviderSeen.Answers>());
    }

    [Test]
    public async Task ProviderAsksForALongerPause_ItGetsIt()
    {
        cloud.ListFault = new DriverException(DriverFault.Throttled, "slow down") { RetryAfter = TimeSpan.FromSeconds(45) };
        await RunAsync();

        await NotBeforeAsync(45);
    }

    [Test]
    public async Task CredentialsRefused_AreTriedEveryFifteenSeconds_AndToldOnce()
    {
        cloud.ListFault = new DriverException(DriverFault.NotAllowed, "AuthFailure");
        await RunAsync();

        for (var i = 0; i < 5; i++) await NotBeforeAsync(15);

        Assert.That(news, Has.Count.EqualTo(1));
        Assert.That((news[0].ProviderChanged, news[0].First), Is.EqualTo((true, false)));
        Assert.That(inventory.Provider, Is.EqualTo(new ProviderSeen.Fails(DriverFault.NotAllowed, "CredentialsRefused", "AuthFailure")));
    }

    [Test]
    public async Task ListingFails_WhatIsKnownOfMachinesStays()
    {
        cloud.Machines = [Of("n1", MachineState.Running)];
        await RunAsync();
        cloud.ListFault = new DriverException(DriverFault.Unavailable, "500");

        await NotBeforeAsync(60);

        Assert.That(inventory.Last!.Of("n1").Machines.Single().State, Is.EqualTo(MachineState.Running));
    }

    [Test]
    public async Task Listing_TellsOnlyOfNodesThatLookDifferent()
    {
        cloud.Machines = [Of("n1", MachineState.Pending), Of("n2", MachineState.Running)];
        await RunAsync();
        cloud.Machines = [Of("n1", MachineState.Running), Of("n2", MachineState.Running), Of("n3", MachineState.Pending)];
        await NotBeforeAsync(60);
        cloud.Machines = [Of("n1", MachineState.Running), Of("n3", MachineState.Pending)];
        await NotBeforeAsync(60);

        Assert.That(news.Select(n => string.Join(' ', n.NodeUids.Order())), Is.EqualTo(new[] { "n1 n2", "n1 n3", "n2" }));
        Assert.That(news.Select(n => n.First), Is.EqualTo(new[] { true, false, false }));
    }

    private async Task RunAsync()
    {
        running = inventory.RunAsync(stop.Token);
        await ListedAsync(1);
    }

    /// <summary>The next listing comes after so many seconds and not a millisecond before.</summary>
    private async Task NotBeforeAsync(int seconds)
    {
        var before = cloud.Listings;
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.That((cloud.Listings, time.WaitingTimers), Is.EqualTo((before, 1)), $"a millisecond before {seconds} s");
        time.Advance(TimeSpan.FromMilliseconds(1));
        await ListedAsync(before + 1);
    }

    /// <summary>So many listings are over, and the loop waits for the next.</summary>
    private Task ListedAsync(int count) =>
        LivingStores.UntilAsync(() => cloud.Listings == count && time.WaitingTimers == 1, $"{count} listings and a pause", Ct);

    /// <summary>A listing that was begun this very instant would do.</summary>
    private void ALittleLater() => time.Advance(TimeSpan.FromMilliseconds(1));

    private void Announce(InventoryNews item) => news.Add(item);

    private static Machine Of(string node, MachineState state) => new()
    {
        ProviderId = $"aws:///eu-west-1a/{node}",
        State = state,
        Marks = new MachineMarks("installation", "pool-uid", node, 1),
    };
}
