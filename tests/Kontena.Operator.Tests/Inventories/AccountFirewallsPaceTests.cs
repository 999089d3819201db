using Kontena.Operator.Core.Machines;
using Kontena.Operator.Inventories;
using Kontena.Operator.Tests.Controllers;

namespace Kontena.Operator.Tests.Inventories;

/// <summary>When an account's firewalls are listed.</summary>
public sealed class AccountFirewallsPaceTests
{
    private static readonly Pace pace = new();

    private readonly FirewallStand stand = new();
    private CancellationTokenSource stop;
    private Task running = Task.CompletedTask;

    [SetUp]
    public void Open() => stop = new CancellationTokenSource();

    [TearDown]
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAny(running);
        stop.Dispose();
        Assert.That(running.IsFaulted, Is.False);
    }

    [Test]
    public async Task Answers_PauseIsThatOfSettledMachines() => Assert.That(await stand.ListAsync(), Is.EqualTo(pace.Settled));

    [Test]
    public async Task Unavailable_PausesGrow_AndOneAnswerEndsThem()
    {
        foreach (var seconds in new[] { 1, 2, 4, 8 }) Assert.That(await stand.FailAsync(DriverFault.Unavailable), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        await stand.ListAsync();

        Assert.That(await stand.FailAsync(DriverFault.Unavailable), Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task ProviderAsksForAPause_ItGetsIt_WhereItIsTheLonger()
    {
        Assert.That(await stand.FailAsync(DriverFault.Throttled, retryAfter: TimeSpan.FromSeconds(45)), Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(await stand.FailAsync(DriverFault.Throttled, retryAfter: TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task OnlyPeopleCanHelp_TheirMendIsSeenSoon_HoweverOftenItFailed()
    {
        for (var i = 0; i < 10; i++) Assert.That(await stand.FailAsync(DriverFault.NotAllowed), Is.EqualTo(pace.LookAgain));
    }

    [Test]
    public async Task Loop_ListsAfterThePause_AndNotBefore()
    {
        running = stand.Account.RunAsync(stop.Token);
        await ListedAsync(1);

        stand.Time.Advance(pace.Settled - TimeSpan.FromMilliseconds(1));
        Assert.That((stand.Firewalls.Listings, stand.Time.WaitingTimers), Is.EqualTo((1, 1)));
        stand.Time.Advance(TimeSpan.FromMilliseconds(1));

        await ListedAsync(2);
    }

    [Test]
    public async Task LookNow_EndsThePause()
    {
        running = stand.Account.RunAsync(stop.Token);
        await ListedAsync(1);

        stand.Account.LookNow();

        await ListedAsync(2);
        Assert.That(stand.Told, Is.EqualTo(2));
    }

    [Test]
    public async Task LookNowInTheMiddleOfAListing_IsNotLost()
    {
        var isFirst = true;
        stand.Firewalls.WhileListing = () =>
        {
            if (isFirst) stand.Account.LookNow();
            isFirst = false;
        };

        running = stand.Account.RunAsync(stop.Token);

        await ListedAsync(2);
        Assert.That((stand.Told, stand.Time.NextTimer), Is.EqualTo((2, (DateTimeOffset?)(stand.Time.GetUtcNow() + pace.Settled))));
    }

    [Test]
    public async Task Read_AFirstId_EndsThePause()
    {
        running = stand.Account.RunAsync(stop.Token);
        await ListedAsync(1);

        stand.Account.Read(["sg-theirs"]);

        await ListedAsync(2);
    }

    /// <summary>So many listings are over, and the loop waits for the next.</summary>
    private Task ListedAsync(int count) =>
        LivingStores.UntilAsync(() => stand.Firewalls.Listings == count && stand.Time.WaitingTimers == 1, $"{count} listings and a pause", TestContext.CurrentContext.CancellationToken);
}
