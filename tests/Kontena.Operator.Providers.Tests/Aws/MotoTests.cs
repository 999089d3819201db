using System.Net;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>
/// The driver, unchanged, against an emulator that others wrote. Where moto differs from EC2, the difference is written down
/// here; the driver does not bend to it.
/// </summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[NonParallelizable]
public sealed class MotoTests
{
    private MotoServer moto = null!;
    private AwsDriver driver = null!;
    private AwsSettings settings = null!;

    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        moto = await MotoServer.StartAsync(CancellationToken.None);
        settings = new AwsSettings
        {
            Region = "eu-west-1",
            InstanceTypes = ["t3.small"],
            Endpoint = moto.Address,
            Image = new AwsImage { Owner = "amazon", Name = "amzn2-ami-hvm-*" },
            Tags = new Dictionary<string, string> { ["team"] = "web" },
        };
        var credentials = new ProviderCredentials("moto", new Dictionary<string, string> { ["accessKeyID"] = "AKID", ["secretAccessKey"] = Canary.Of("secret-key") });
        driver = AwsDriver.Open(settings, credentials, new DriverEnvironment(TimeProvider.System, NullLoggerFactory.Instance, Requests.Installation));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        driver?.Dispose();
        if (moto is not null) await moto.DisposeAsync();
    }

    [Test, Order(1)]
    public async Task Pool_UpAndDown_ListedWithMarksThenGone()
    {
        var machines = new List<Machine>();
        foreach (var (node, zone) in ((string, string)[])[("m-1", "a"), ("m-2", "b"), ("m-3", "c"), ("m-4", "")])
            machines.Add(await driver.CreateAsync(await RequestAsync(node, zone), Ct));
        Assert.That(machines.Select(m => m.Zone), Is.EqualTo(new[] { "eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a" }));

        var listing = await driver.ListAsync(Requests.Installation, Ct);
        Assert.That(listing.Machines.Select(m => (m.ProviderId, m.Marks?.NodeUid)), Is.EquivalentTo(machines.Zip((string[])["m-1", "m-2", "m-3", "m-4"], (m, n) => (m.ProviderId, (string?)n))));

        foreach (var machine in machines)
        {
            await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
            await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
            var lookup = await driver.FindAsync(new MachineQuery.ById(machine.ProviderId), Ct);
            Assert.That((lookup as Lookup.Found)?.Machines.Select(m => m.State), Is.EqualTo(new[] { MachineState.Terminated }));
        }
        Assert.That((await driver.ListAsync(Requests.Installation, Ct)).Machines.Where(m => m.IsAlive), Is.Empty);
    }

    [Test, Order(2)]
    public async Task Create_PublicAddressSecurityGroupAndRootVolume_Accepted()
    {
        var own = settings with { AssociatePublicIp = true, RootVolumeGiB = 50 };
        var machine = await driver.CreateAsync(await Requests.ResolveAsync(driver, own, new Offering("a", "t3.small"), "m-5", Ct), Ct);
        await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        Assert.That(machine.Addresses, Is.Not.Empty);
    }

    [Test, Order(3)]
    public async Task Delete_AnotherInstallationsMachine_Refused()
    {
        var machine = await driver.CreateAsync(await RequestAsync("m-6", "a"), Ct);
        var fault = Assert.ThrowsAsync<DriverException>(() => driver.DeleteAsync(machine.ProviderId, "another", Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
        await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
    }

    [Test, Order(4)]
    public async Task Find_NeverExisted_ConfirmedAbsent() => Assert.That(
        await driver.FindAsync(new MachineQuery.ById("aws:///eu-west-1a/i-0123456789abcdef0"), Ct), Is.EqualTo(new Lookup.ConfirmedAbsent()));

    [Test, Order(5)]
    public void Resolve_NoSuchImage_BadSettings()
    {
        var other = settings with { Image = new AwsImage { Id = "ami-0123456789abcdef0" } };
        var fault = Assert.ThrowsAsync<DriverException>(() => driver.ResolveAsync(other, new Offering("a", "t3.small"), Core.Api.OperatingSystem.Ubuntu, 0, Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
    }

    [Test, Order(6)]
    public async Task SecurityGroup_FromNothingToNothing_AsAsked()
    {
        var firewalls = driver.Firewalls!;
        var marks = new FirewallMarks(Requests.Installation, FirewallOwner.Pool, "pool-moto");
        var vpc = (await firewalls.NetworksAsync(settings, Ct)).Single();
        var request = new FirewallRequest { Marks = marks, Name = FirewallName.Of(marks, "web", vpc), Description = "Ports of pool web", Network = vpc, Settings = settings };
        var made = await firewalls.EnsureAsync(request, Ct);
        Assert.That((await firewalls.EnsureAsync(request, Ct)).Id, Is.EqualTo(made.Id));

        // ESP is left out: moto answers HTTP 500 to a protocol number without ports, which EC2 ignores there.
        PortRule[] rules =
        [
            new(IpProtocol.Tcp, PortRange.Of(80), new RuleSource.Network(IPNetwork.Parse("0.0.0.0/0"))), new(IpProtocol.Tcp, PortRange.Of(80), new RuleSource.Network(IPNetwork.Parse("::/0"))),
            new(IpProtocol.Udp, new PortRange(6783, 6784), RuleSource.Members.Instance), new(IpProtocol.Icmp, PortRange.All, RuleSource.Members.Instance),
        ];
        await firewalls.OpenAsync(made.Id, marks, rules[..2], Ct);
        await firewalls.OpenAsync(made.Id, marks, rules, Ct);
        var listed = (await firewalls.ListAsync(Requests.Installation, Ct)).ById(made.Id);
        Assert.That((listed?.Marks, listed?.Name, listed?.Network, listed?.LetsAllOut), Is.EqualTo((marks, request.Name, vpc, true)));
        Assert.That(listed?.Rules, Is.EquivalentTo(rules.Select(r => new FirewallRule(r, true))));

        var grid = marks with { Owner = FirewallOwner.Grid };
        var shared = await firewalls.EnsureAsync(request with { Marks = grid, Name = FirewallName.Of(grid, "web", vpc) }, Ct);
        // With a group in the launch: moto shows none where EC2 attaches the VPC's default one.
        var launch = await RequestAsync("m-7", "a");
        var machine = await driver.CreateAsync(launch with { Attempt = launch.Attempt with { Firewalls = [made.Id] } }, Ct);
        await firewalls.AttachAsync(machine.ProviderId, Requests.Installation, [shared.Id, made.Id], Ct);
        var attached = ((Lookup.Found)await driver.FindAsync(new MachineQuery.ById(machine.ProviderId), Ct)).Machines.Single();
        Assert.That(attached.Network, Is.EqualTo(vpc));
        Assert.That(attached.Firewalls, Is.EquivalentTo(new[] { made.Id, shared.Id }));
        await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        await firewalls.DeleteAsync(shared.Id, grid, Ct);

        await firewalls.CloseAsync(made.Id, marks, rules[1..], Ct);
        await firewalls.CloseAsync(made.Id, marks, rules[1..], Ct);
        Assert.That((await firewalls.ReadAsync([made.Id], Ct)).Firewalls.Single().Rules, Is.EqualTo(new[] { new FirewallRule(rules[0], true) }));
        await firewalls.DeleteAsync(made.Id, marks, Ct);
        await firewalls.DeleteAsync(made.Id, marks, Ct);
        Assert.That((await firewalls.ReadAsync([made.Id], Ct)).Firewalls, Is.Empty);
    }

    [Test, Order(9)]
    public async Task Infidelities_OfMoto_AreThese()
    {
        var request = await RequestAsync("m-9", "a");
        var first = await driver.CreateAsync(request, Ct);
        var second = await driver.CreateAsync(request, Ct);
        var other = await driver.CreateAsync(request with { Name = "other" }, Ct);
        var byToken = await driver.FindAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token), Ct);
        var found = new List<string>();
        if (second.ProviderId != first.ProviderId) found.Add("a client token used twice starts two instances");
        if (other.ProviderId != first.ProviderId) found.Add("a client token with other parameters is accepted");
        if (byToken is Lookup.Unknown { Fault: DriverFault.Unavailable }) found.Add("the filter client-token is answered with HTTP 500");
        foreach (var machine in (Machine[])[first, second, other]) await driver.DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        Assert.That(found, Is.EqualTo(new[]
        {
            "a client token used twice starts two instances", "a client token with other parameters is accepted", "the filter client-token is answered with HTTP 500",
        }), "moto behaves otherwise than written down: another version?");
    }

    private Task<MachineRequest> RequestAsync(string node, string zone) => Requests.ResolveAsync(driver, settings, new Offering(zone, "t3.small"), node, Ct);
}
