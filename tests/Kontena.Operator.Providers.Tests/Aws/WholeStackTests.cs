using Kontena.Operator.Core.Machines;
using Kontena.Simulator.Faults;
using Kontena.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>Driver, decorators and inventory as the operator opens them, against the simulator.</summary>
public sealed class WholeStackTests
{
    private SimulatedEc2 cloud = null!;
    private Drivers drivers = null!;
    private bool mayWrite = true;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task StartAsync()
    {
        cloud = await SimulatedEc2.StartAsync(Ct);
        drivers = new Drivers(new DriverEnvironment(cloud.Time, NullLoggerFactory.Instance, Requests.Installation) { Fence = new(() => mayWrite) });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await drivers.DisposeAsync();
        await cloud.DisposeAsync();
    }

    [TestCase(FaultKind.Throttle)]
    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.HalfPage)]
    [TestCase(FaultKind.ServerError)]
    public async Task Create_FailsTwiceInPassing_OneMachineAndOneListing(FaultKind kind)
    {
        var account = await drivers.OpenAsync(cloud.Settings, SimulatedEc2.Keys);
        var request = await Requests.ResolveAsync(account.Driver, cloud.Settings, cloud.Offering, "node-1", Ct);
        cloud.Ec2.Faults.Add(new Fault { Kind = kind, Action = "RunInstances", Count = 2 });
        var machine = await DoneAsync(account.Driver.CreateAsync(request, Ct));
        Assert.That((cloud.CountLiving("node-1"), cloud.Ec2.Calls.Count("RunInstances")), Is.EqualTo((1, 3)));

        var since = cloud.Time.GetUtcNow();
        var listings = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => account.Inventory.GetAsync(since, Ct)));
        Assert.That(listings[99].Machines.Select(m => m.ProviderId), Is.EqualTo(new[] { machine.ProviderId }));
        Assert.That(cloud.Ec2.Calls.Count("DescribeInstances"), Is.EqualTo(1));
    }

    [Test]
    public async Task Create_NotTheLeader_NothingIsSent()
    {
        var account = await drivers.OpenAsync(cloud.Settings, SimulatedEc2.Keys);
        var request = await Requests.ResolveAsync(account.Driver, cloud.Settings, cloud.Offering, "node-1", Ct);
        mayWrite = false;
        var fault = Assert.ThrowsAsync<DriverException>(() => account.Driver.CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown, cloud.Ec2.Calls.Count("RunInstances")), Is.EqualTo((DriverFault.Unavailable, false, 0)));
    }

    [Test]
    public async Task Inventory_ListingRefused_ThrowsAndLastStays()
    {
        var account = await drivers.OpenAsync(cloud.Settings, SimulatedEc2.Keys);
        var good = await account.Inventory.GetAsync(TimeSpan.FromSeconds(10), Ct);
        cloud.Ec2.Faults.Add(new Fault { Kind = FaultKind.Unauthorized, Action = "DescribeInstances" });
        cloud.Time.Advance(TimeSpan.FromSeconds(11));
        var fault = Assert.ThrowsAsync<DriverException>(() => account.Inventory.GetAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.That((fault.Fault, account.Inventory.Last), Is.EqualTo((DriverFault.NotAllowed, good)));
    }

    private async Task<T> DoneAsync<T>(Task<T> call)
    {
        await Eventually.HoldsAsync(() =>
        {
            if (!call.IsCompleted) cloud.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(call.IsCompleted);
        }, "the call ends", TimeSpan.FromSeconds(60), Ct);
        return await call;
    }
}
