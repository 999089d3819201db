using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Shared;
using Kontena.TestKit;

namespace Kontena.Operator.Providers.Tests.Shared;

public sealed class InventoryTests
{
    private readonly ManualTime time = new();
    private readonly ScriptedDriver driver = new();

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Get_ManyAtOnce_OneListing()
    {
        var answer = Script();
        await using var inventory = Open();
        var all = Enumerable.Range(0, 50).Select(_ => inventory.GetAsync(time.GetUtcNow(), Ct)).ToList();
        answer.SetResult(Listing());
        await Task.WhenAll(all);
        Assert.That(driver.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_KnownIsNewEnough_NoCall()
    {
        driver.Then(_ => Task.FromResult<object>(Listing()));
        await using var inventory = Open();
        var first = await inventory.GetAsync(time.GetUtcNow(), Ct);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await inventory.GetAsync(TimeSpan.FromSeconds(30), Ct), Is.SameAs(first));
        Assert.That((driver.Calls, inventory.Age), Is.EqualTo((1, TimeSpan.FromSeconds(30))));
        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await inventory.GetAsync(TimeSpan.FromSeconds(30), Ct), Is.Not.SameAs(first));
    }

    [Test]
    public async Task Get_ListingOnItsWayBeganTooEarly_WaitsAndListsAgain()
    {
        var (early, late) = (Script(), Script());
        await using var inventory = Open();
        var first = inventory.GetAsync(time.GetUtcNow(), Ct);
        time.Advance(TimeSpan.FromSeconds(1));
        var second = inventory.GetAsync(time.GetUtcNow(), Ct);
        early.SetResult(Listing(ago: TimeSpan.FromSeconds(1)));
        await first;
        Assert.That(second.IsCompleted, Is.False);
        late.SetResult(Listing());
        Assert.That((await second).BegunAt, Is.EqualTo(time.GetUtcNow()));
        Assert.That(driver.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Get_EarlierListingFails_LaterOneIsStillTried()
    {
        var (early, late) = (Script(), Script());
        await using var inventory = Open();
        var first = inventory.GetAsync(time.GetUtcNow(), Ct);
        time.Advance(TimeSpan.FromSeconds(1));
        var second = inventory.GetAsync(time.GetUtcNow(), Ct);
        early.SetException(ScriptedDriver.Fault(DriverFault.Unavailable));
        late.SetResult(Listing());
        Assert.ThrowsAsync<DriverException>(() => first);
        Assert.That((await second).BegunAt, Is.EqualTo(time.GetUtcNow()));
    }

    [Test]
    public async Task Get_Fails_ThrowsAndKeepsTheLastGoodOneAsWhatItIs()
    {
        driver.Then(_ => Task.FromResult<object>(Listing()));
        await using var inventory = Open();
        var good = await inventory.GetAsync(time.GetUtcNow(), Ct);
        time.Advance(TimeSpan.FromMinutes(1));
        driver.Then(ScriptedDriver.Fault(DriverFault.NotAllowed));
        var fault = Assert.ThrowsAsync<DriverException>(() => inventory.GetAsync(time.GetUtcNow(), Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.NotAllowed));
        Assert.That((inventory.Last, inventory.Age), Is.EqualTo((good, TimeSpan.FromMinutes(1))));
    }

    [Test]
    public async Task Get_OneCallerGivesUp_TheOtherGetsTheListing()
    {
        var answer = Script();
        await using var inventory = Open();
        using var impatient = new CancellationTokenSource();
        var leaving = inventory.GetAsync(time.GetUtcNow(), impatient.Token);
        var staying = inventory.GetAsync(time.GetUtcNow(), Ct);
        await impatient.CancelAsync();
        Assert.That(async () => await leaving, Throws.InstanceOf<OperationCanceledException>());
        answer.SetResult(Listing());
        Assert.That((await staying).Machines, Is.Empty);
        Assert.That(driver.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_ClockSteppedBack_DoesNotWaitForEver()
    {
        driver.Then(_ => Task.FromResult<object>(Listing()));
        await using var inventory = Open();
        Assert.That((await inventory.GetAsync(time.GetUtcNow() + TimeSpan.FromHours(1), Ct)).BegunAt, Is.EqualTo(time.GetUtcNow()));
    }

    [Test]
    public async Task Dispose_WhileListing_EndsIt()
    {
        driver.ThenHang();
        var inventory = Open();
        var call = inventory.GetAsync(time.GetUtcNow(), Ct);
        await Eventually.HoldsAsync(() => Task.FromResult(driver.Calls == 1), "the listing began", TimeSpan.FromSeconds(10), Ct);
        await inventory.DisposeAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await inventory.GetAsync(time.GetUtcNow(), Ct), Throws.InstanceOf<ObjectDisposedException>());
    }

    private Inventory Open() => new(driver, Requests.Installation, time);

    private MachineListing Listing(TimeSpan ago = default) => new(time.GetUtcNow() - ago, []);

    private TaskCompletionSource<object> Script()
    {
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        driver.Then(_ => answer.Task);
        return answer;
    }
}
