using System.Net;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
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

    [TestCase(FaultKind.Throttle)]
    [TestCase(FaultKind.LostAnswer)]
    [TestCase(FaultKind.HalfPage)]
    [TestCase(FaultKind.ServerError)]
    public async Task Firewall_EveryChangeFailsTwiceInPassing_OneGroupItsRulesAndOneListing(FaultKind kind)
    {
        var account = await drivers.OpenAsync(cloud.Settings, SimulatedEc2.Keys);
        var firewalls = account.Firewalls!;
        foreach (var action in (string[])["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "DeleteSecurityGroup"])
            cloud.Ec2.Faults.Add(new Fault { Kind = kind, Action = action, Count = 2 });
        var marks = new FirewallMarks(Requests.Installation, FirewallOwner.Pool, "pool-uid");
        var driver = account.Driver.Firewalls!;
        var vpc = (await driver.NetworksAsync(cloud.Settings, Ct)).Single();
        var request = new FirewallRequest { Marks = marks, Name = FirewallName.Of(marks, "web", vpc), Description = "words", Network = vpc, Settings = cloud.Settings };
        PortRule[] rules = [new(IpProtocol.Esp, PortRange.All, RuleSource.Members.Instance), new(IpProtocol.Tcp, PortRange.Of(80), new RuleSource.Network(IPNetwork.Parse("0.0.0.0/0")))];

        var made = await DoneAsync(driver.EnsureAsync(request, Ct));
        await DoneAsync(driver.OpenAsync(made.Id, marks, rules, Ct));
        await DoneAsync(driver.CloseAsync(made.Id, marks, rules[..1], Ct));

        var (since, before) = (cloud.Time.GetUtcNow(), cloud.Ec2.Calls.Count("DescribeSecurityGroups"));
        var listings = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => firewalls.GetAsync(since, Ct)));
        Assert.That(listings[99].Firewalls.Select(f => (f.Id, f.Marks)), Is.EqualTo(new[] { (made.Id, (FirewallMarks?)marks) }));
        Assert.That(listings[99].Firewalls[0].Rules, Is.EqualTo(new[] { new FirewallRule(rules[1], true) }));
        Assert.That(cloud.Ec2.Calls.Count("DescribeSecurityGroups") - before, Is.EqualTo(1));

        await DoneAsync(driver.DeleteAsync(made.Id, marks, Ct));
        Assert.That(cloud.Ec2.Groups("eu-west-1").Where(g => g.ThroughApi && g.Deleted is null), Is.Empty);
        Assert.That(cloud.Ec2.Groups("eu-west-1").Count(g => g.ThroughApi), Is.EqualTo(1), "made once");
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
        await DoneAsync((Task)call);
        return await call;
    }

    private async Task DoneAsync(Task call)
    {
        await Eventually.HoldsAsync(() =>
        {
            if (!call.IsCompleted) cloud.Time.Advance(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(call.IsCompleted);
        }, "the call ends", TimeSpan.FromSeconds(60), Ct);
        await call;
    }
}
