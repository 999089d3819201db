using System.Net;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Tests.Contract;

/// <summary>What the operator relies on, whatever the provider. Every driver that has firewalls inherits it.</summary>
public abstract class FirewallDriverContract
{
    private static readonly FirewallMarks pool = new(Requests.Installation, FirewallOwner.Pool, "pool-uid");
    private static readonly FirewallMarks grid = new(Requests.Installation, FirewallOwner.Grid, "grid-uid");
    private static readonly PortRule http = Tcp(80, "0.0.0.0/0");
    private static readonly PortRule httpV6 = Tcp(80, "::/0");
    private static readonly PortRule overlay = new(IpProtocol.Udp, new PortRange(6783, 6784), RuleSource.Members.Instance);
    private static readonly PortRule esp = new(IpProtocol.Esp, PortRange.All, RuleSource.Members.Instance);

    private FirewallCloud cloud = null!;

    protected FirewallCloud Cloud => cloud;

    protected static FirewallMarks Pool => pool;

    protected static PortRule Http => http;

    protected static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    protected abstract Task<FirewallCloud> StartAsync();

    [SetUp]
    public async Task StartCloudAsync() => cloud = await StartAsync();

    [TearDown]
    public async Task StopCloudAsync() => await cloud.DisposeAsync();

    [Test]
    public async Task Networks_OfTheSettings_TheirNetwork() =>
        Assert.That(await cloud.Open().NetworksAsync(cloud.Settings, Ct), Is.EqualTo(new[] { cloud.Network }));

    [Test]
    public async Task Ensure_Twice_OneFirewallWithMarksAndNoRules()
    {
        var first = await EnsureAsync(pool);
        var second = await EnsureAsync(pool);
        Assert.That(second.Id, Is.EqualTo(first.Id));
        Assert.That((first.Marks, first.Network, first.LetsAllOut, first.Rules.Count), Is.EqualTo((pool, cloud.Network, true, 0)));
        Assert.That((second.Marks, second.Network, second.LetsAllOut, second.Rules.Count), Is.EqualTo((pool, cloud.Network, true, 0)));
        Assert.That(cloud.CountNamed(first.Name), Is.EqualTo(1));
    }

    [Test]
    public async Task Ensure_AnswerLost_UnknownThenFound()
    {
        cloud.LoseNextAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => EnsureAsync(pool));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        Assert.That(cloud.CountNamed((await EnsureAsync(pool)).Name), Is.EqualTo(1));
    }

    [Test]
    public void Ensure_AnothersHasTheName_RefusedAndSaysWhatToDo()
    {
        var foreign = cloud.AddForeign(Request(pool).Name);
        var fault = Assert.ThrowsAsync<DriverException>(() => EnsureAsync(pool));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.BadSettings, false)));
        Assert.That(fault.Message, Does.Contain(foreign));
        Assert.That(cloud.CountNamed(Request(pool).Name), Is.EqualTo(1));
    }

    [Test]
    public async Task List_OwnAndForeign_OwnOnlyWithTheirRules()
    {
        var (ofPool, ofGrid) = (await EnsureAsync(pool), await EnsureAsync(grid));
        await EnsureAsync(pool with { Installation = "installation-2" });
        cloud.AddForeign("somebody's");
        await cloud.Open().OpenAsync(ofPool.Id, pool, [http, httpV6], Ct);
        await cloud.Open().OpenAsync(ofGrid.Id, grid, [overlay], Ct);
        var listing = await cloud.Open().ListAsync(Requests.Installation, Ct);
        Assert.That(listing.Firewalls.Select(f => (f.Id, f.Marks)), Is.EquivalentTo(new[] { (ofPool.Id, (FirewallMarks?)pool), (ofGrid.Id, grid) }));
        Assert.That(listing.ById(ofPool.Id)?.Rules, Is.EquivalentTo(new FirewallRule[] { new(http, true), new(httpV6, true) }));
        Assert.That(listing.ById(ofGrid.Id)?.Rules, Is.EquivalentTo(new FirewallRule[] { new(overlay, true) }));
    }

    [Test]
    public async Task Read_SomeThatDoNotExist_TheOthersWhoseverTheyAre()
    {
        var ours = await EnsureAsync(pool);
        var foreign = cloud.AddForeign("somebody's");
        var listing = await cloud.Open().ReadAsync([foreign, cloud.UnknownId, ours.Id], Ct);
        Assert.That(listing.Firewalls.Select(f => (f.Id, f.Marks)), Is.EquivalentTo(new[] { (foreign, null), (ours.Id, (FirewallMarks?)pool) }));
    }

    [Test]
    public async Task Read_Nothing_NoCallAndEmpty()
    {
        cloud.BreakReads(Breakage.ServerError, nth: 1);
        Assert.That((await cloud.Open().ReadAsync([], Ct)).Firewalls, Is.Empty);
    }

    [Test]
    public async Task Open_EveryKindOfRule_ReadBackTheSame()
    {
        if (!cloud.Open().Promises.ExpressesEsp) Assert.Ignore("This provider cannot express ESP.");
        var firewall = await EnsureAsync(grid);
        PortRule[] rules =
        [
            http, httpV6, overlay, esp, Tcp(22, "203.0.113.7/32"), Tcp(443, "2001:db8::/32"), new(IpProtocol.Tcp, PortRange.All, RuleSource.Members.Instance),
            new(IpProtocol.Esp, PortRange.All, Source("198.51.100.0/24")), new(IpProtocol.Icmp, PortRange.All, Source("10.0.0.0/8")), new(IpProtocol.Any, PortRange.All, Source("10.1.0.0/16")),
        ];
        await cloud.Open().OpenAsync(firewall.Id, grid, rules, Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(rules.Select(r => new FirewallRule(r, true))));
        await cloud.Open().CloseAsync(firewall.Id, grid, rules, Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.Empty);
    }

    [Test]
    public async Task Open_SomeAreOpen_TheOthersToo()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http], Ct);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http, http, httpV6], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(http, true), new(httpV6, true) }));
    }

    [Test]
    public async Task Open_AllAreOpen_ChangesNothing()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http, httpV6], Ct);
        var before = cloud.Writes;
        await cloud.Open().OpenAsync(firewall.Id, pool, [httpV6, http], Ct);
        Assert.That(cloud.Writes, Is.EqualTo(before), "a quiet system makes no call");
    }

    [Test]
    public async Task Open_MadeByHandAlready_StaysTheirs()
    {
        var firewall = await EnsureAsync(pool);
        cloud.AddRuleByHand(firewall.Id, 80, "0.0.0.0/0", "for the audit");
        await cloud.Open().OpenAsync(firewall.Id, pool, [http, httpV6], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(http, false), new(httpV6, true) }));
        await cloud.Open().CloseAsync(firewall.Id, pool, [http, httpV6], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(http, false) }));
        Assert.That(cloud.WordsOfRules(firewall.Id), Is.EqualTo(new[] { "for the audit" }));
    }

    [Test]
    public async Task Open_AnswerLost_RepeatedIsSuccess()
    {
        var firewall = await EnsureAsync(pool);
        cloud.LoseNextAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().OpenAsync(firewall.Id, pool, [http, httpV6], Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        await cloud.Open().OpenAsync(firewall.Id, pool, [http, httpV6], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(http, true), new(httpV6, true) }));
    }

    [Test]
    public async Task Close_AnswerLost_RepeatedIsSuccess()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http, httpV6], Ct);
        cloud.LoseNextAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().CloseAsync(firewall.Id, pool, [http], Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        await cloud.Open().CloseAsync(firewall.Id, pool, [http], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(httpV6, true) }));
    }

    [Test]
    public async Task Close_SomeAreClosed_TheOthersToo()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http], Ct);
        await cloud.Open().CloseAsync(firewall.Id, pool, [overlay, http, httpV6], Ct);
        Assert.That(await RulesAsync(firewall.Id), Is.Empty);
    }

    [Test]
    public async Task OpenAndClose_AnotherOwner_RefusedAndNothingChanges()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http], Ct);
        foreach (var other in (FirewallMarks[])[grid, pool with { OwnerUid = "pool-2" }, pool with { Installation = "installation-2" }, pool with { Owner = FirewallOwner.Grid }])
        {
            Assert.That(Assert.ThrowsAsync<DriverException>(() => cloud.Open().OpenAsync(firewall.Id, other, [httpV6], Ct)).Fault, Is.EqualTo(DriverFault.BadSettings));
            Assert.That(Assert.ThrowsAsync<DriverException>(() => cloud.Open().CloseAsync(firewall.Id, other, [http], Ct)).Fault, Is.EqualTo(DriverFault.BadSettings));
            Assert.That(Assert.ThrowsAsync<DriverException>(() => cloud.Open().DeleteAsync(firewall.Id, other, Ct)).Fault, Is.EqualTo(DriverFault.BadSettings));
        }
        Assert.That(await RulesAsync(firewall.Id), Is.EquivalentTo(new FirewallRule[] { new(http, true) }));
    }

    [Test]
    public void OpenCloseAndDelete_ForeignFirewall_Refused()
    {
        var foreign = cloud.AddForeign("somebody's");
        cloud.AddRuleByHand(foreign, 80, "0.0.0.0/0", "theirs");
        var before = cloud.Writes;
        foreach (var call in (Func<IFirewallDriver, Task>[])[d => d.OpenAsync(foreign, pool, [httpV6], Ct), d => d.CloseAsync(foreign, pool, [http], Ct), d => d.DeleteAsync(foreign, pool, Ct)])
            Assert.That(Assert.ThrowsAsync<DriverException>(() => call(cloud.Open())).Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That((cloud.Writes, cloud.CountNamed("somebody's")), Is.EqualTo((before, 1)));
    }

    [Test]
    public async Task Open_NeverExisted_IsAFaultThatPasses() =>
        Assert.That((await FaultAsync(cloud.Open().OpenAsync(cloud.UnknownId, pool, [http], Ct))).Fault, Is.EqualTo(DriverFault.Unavailable));

    [Test]
    public async Task CloseAndDelete_NeverExisted_Success()
    {
        await cloud.Open().CloseAsync(cloud.UnknownId, pool, [http], Ct);
        await cloud.Open().DeleteAsync(cloud.UnknownId, pool, Ct);
    }

    [Test]
    public async Task Attach_Missing_BesidesWhatTheMachineHas()
    {
        var (ofPool, ofGrid, foreign) = (await EnsureAsync(pool), await EnsureAsync(grid), cloud.AddForeign("somebody's"));
        var machine = cloud.AddMachine(Requests.Installation, foreign, ofPool.Id);
        await cloud.Open().AttachAsync(machine, Requests.Installation, [ofPool.Id, ofGrid.Id], Ct);
        Assert.That(cloud.Attached(machine), Is.EquivalentTo(new[] { foreign, ofPool.Id, ofGrid.Id }));
        var before = cloud.Writes;
        await cloud.Open().AttachAsync(machine, Requests.Installation, [ofGrid.Id, ofPool.Id], Ct);
        Assert.That(cloud.Writes, Is.EqualTo(before), "a quiet system makes no call");
    }

    [Test]
    public async Task Attach_AnswerLost_RepeatedIsSuccess()
    {
        var firewall = await EnsureAsync(pool);
        var foreign = cloud.AddForeign("somebody's");
        var machine = cloud.AddMachine(Requests.Installation, foreign);
        cloud.LoseNextAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().AttachAsync(machine, Requests.Installation, [firewall.Id], Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        await cloud.Open().AttachAsync(machine, Requests.Installation, [firewall.Id], Ct);
        Assert.That(cloud.Attached(machine), Is.EquivalentTo(new[] { foreign, firewall.Id }));
    }

    [Test]
    public async Task Attach_AnothersMachine_Refused()
    {
        var firewall = await EnsureAsync(pool);
        var foreign = cloud.AddForeign("somebody's");
        var machine = cloud.AddMachine("installation-2", foreign);
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().AttachAsync(machine, Requests.Installation, [firewall.Id], Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That(cloud.Attached(machine), Is.EqualTo(new[] { foreign }));
    }

    [Test]
    public async Task Delete_Twice_Gone()
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [overlay], Ct);
        await cloud.Open().DeleteAsync(firewall.Id, pool, Ct);
        await cloud.Open().DeleteAsync(firewall.Id, pool, Ct);
        Assert.That(cloud.CountNamed(firewall.Name), Is.Zero);
        Assert.That((await cloud.Open().ReadAsync([firewall.Id], Ct)).Firewalls, Is.Empty);
    }

    [Test]
    public async Task Delete_AnswerLost_RepeatedIsSuccess()
    {
        var firewall = await EnsureAsync(pool);
        cloud.LoseNextAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().DeleteAsync(firewall.Id, pool, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        await cloud.Open().DeleteAsync(firewall.Id, pool, Ct);
        Assert.That(cloud.CountNamed(firewall.Name), Is.Zero);
    }

    [Test]
    public async Task Delete_StillAttached_InUseUntilTheMachineEnds()
    {
        var firewall = await EnsureAsync(pool);
        var machine = cloud.AddMachine(Requests.Installation, firewall.Id);
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().DeleteAsync(firewall.Id, pool, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.InUse, false)));
        cloud.End(machine);
        await cloud.Open().DeleteAsync(firewall.Id, pool, Ct);
        Assert.That(cloud.CountNamed(firewall.Name), Is.Zero);
    }

    [Test]
    public async Task ListAndRead_Broken_AreFaultsAndNeverShorterLists([Values] Breakage breakage)
    {
        var firewall = await EnsureAsync(pool);
        cloud.BreakReads(breakage, nth: 1);
        foreach (var call in (Func<IFirewallDriver, Task>[])[d => d.ListAsync(Requests.Installation, Ct), d => d.ReadAsync([firewall.Id], Ct)])
        {
            var fault = await FaultAsync(call(cloud.Open()));
            Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((Expected(breakage), false)));
        }
    }

    [Test]
    public async Task AnyChange_ReadBroken_IsAFaultAndChangesNothing([Values] Breakage breakage)
    {
        var firewall = await EnsureAsync(pool);
        await cloud.Open().OpenAsync(firewall.Id, pool, [http], Ct);
        var machine = cloud.AddMachine(Requests.Installation, cloud.AddForeign("somebody's"));
        var before = cloud.Writes;
        cloud.BreakReads(breakage, nth: 1);
        foreach (var call in (Func<IFirewallDriver, Task>[])
            [
                d => d.OpenAsync(firewall.Id, pool, [httpV6], Ct), d => d.CloseAsync(firewall.Id, pool, [http], Ct),
                d => d.DeleteAsync(firewall.Id, pool, Ct), d => d.AttachAsync(machine, Requests.Installation, [firewall.Id], Ct),
            ])
        {
            var fault = await FaultAsync(call(cloud.Open()));
            Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((Expected(breakage), false)));
        }
        Assert.That(cloud.Writes, Is.EqualTo(before));
    }

    protected Task<Firewall> EnsureAsync(FirewallMarks marks) => cloud.Open().EnsureAsync(Request(marks), Ct);

    protected FirewallRequest Request(FirewallMarks marks) => new()
    {
        Marks = marks,
        Name = FirewallName.Of(marks, "web", cloud.Network),
        Description = "Ports of the pool 'web': kept by the operator.",
        Network = cloud.Network,
        Settings = marks.Owner == FirewallOwner.Pool ? cloud.Settings : null,
    };

    protected async Task<IReadOnlyList<FirewallRule>> RulesAsync(string id) => (await cloud.Open().ReadAsync([id], Ct)).Firewalls.Single().Rules;

    protected async Task<DriverException> FaultAsync(Task call)
    {
        await cloud.PassDeadlineAsync(call, Ct);
        return Assert.ThrowsAsync<DriverException>(() => call);
    }

    protected static PortRule Tcp(int port, string network) => new(IpProtocol.Tcp, PortRange.Of(port), Source(network));

    private static RuleSource.Network Source(string network) => new(IPNetwork.Parse(network));

    private static DriverFault Expected(Breakage breakage) => breakage switch
    {
        Breakage.Unauthorized or Breakage.Forbidden => DriverFault.NotAllowed,
        Breakage.Throttled => DriverFault.Throttled,
        Breakage.ServerError or Breakage.Hang or Breakage.Cut or Breakage.HalfPage => DriverFault.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(breakage), breakage, "unknown breakage"),
    };
}
