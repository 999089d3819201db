using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Shared;

/// <summary>What it shares with the machines' inventory is tested there (<see cref="InventoryTests"/>).</summary>
public sealed class FirewallInventoryTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedDriver driver = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Get_ManyAtOnceAndAgainSoon_OneListing()
    {
        driver.Then(_ => Task.FromResult<object>(new FirewallListing(time.GetUtcNow(), [ScriptedFirewalls.Firewall])));
        await using var inventory = new FirewallInventory(driver.Firewalls!, Requests.Installation, time);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => inventory.GetAsync(time.GetUtcNow(), Ct)));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await inventory.GetAsync(TimeSpan.FromSeconds(30), Ct)).ById("fw-1"), Is.SameAs(ScriptedFirewalls.Firewall));
        Assert.That(driver.Calls, Is.EqualTo(1));
        time.Advance(TimeSpan.FromTicks(1));
        await inventory.GetAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.That(driver.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Get_Fails_ThrowsAndKeepsTheLastGoodOneAsWhatItIs()
    {
        driver.Then(_ => Task.FromResult<object>(new FirewallListing(time.GetUtcNow(), [])));
        await using var inventory = new FirewallInventory(driver.Firewalls!, Requests.Installation, time);
        var good = await inventory.GetAsync(time.GetUtcNow(), Ct);
        time.Advance(TimeSpan.FromMinutes(1));
        driver.Then(ScriptedDriver.Fault(DriverFault.NotAllowed));
        Assert.ThrowsAsync<DriverException>(() => inventory.GetAsync(time.GetUtcNow(), Ct));
        Assert.That((inventory.Last, inventory.Age), Is.EqualTo((good, TimeSpan.FromMinutes(1))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Open_Account_HasFirewallsWhereItsDriverHas(bool has)
    {
        driver.HasFirewalls = has;
        await using var drivers = new Drivers(new DriverEnvironment(time, NullLoggerFactory.Instance, Requests.Installation), (_, _, _) => driver);
        var account = await drivers.OpenAsync(new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] }, ProviderCredentials.Ambient);
        Assert.That((account.Firewalls is not null, account.Driver.Firewalls is not null), Is.EqualTo((has, has)));
    }

    [Test]
    public async Task Close_WhileListingFirewalls_EndsIt()
    {
        driver.ThenHang();
        var drivers = new Drivers(new DriverEnvironment(time, NullLoggerFactory.Instance, Requests.Installation), (_, _, _) => driver);
        var account = await drivers.OpenAsync(new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"] }, ProviderCredentials.Ambient);
        var call = account.Firewalls!.GetAsync(time.GetUtcNow(), Ct);
        await Eventually.HoldsAsync(() => Task.FromResult(driver.Calls == 1), "the listing began", TimeSpan.FromSeconds(10), Ct);
        await drivers.DisposeAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }
}
