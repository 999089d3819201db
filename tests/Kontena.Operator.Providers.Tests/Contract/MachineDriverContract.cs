using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Tests.Contract;

/// <summary>What the operator relies on, whatever the provider. Every driver inherits it.</summary>
public abstract class MachineDriverContract
{
    private ContractCloud cloud = null!;

    protected ContractCloud Cloud => cloud;

    protected static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    protected abstract Task<ContractCloud> StartAsync();

    [SetUp]
    public async Task StartCloudAsync() => cloud = await StartAsync();

    [TearDown]
    public async Task StopCloudAsync() => await cloud.DisposeAsync();

    [Test]
    public async Task Create_SameRequestAgain_GivesSameMachine()
    {
        var request = await RequestAsync("node-1");
        var first = await cloud.Open().CreateAsync(request, Ct);
        if (!cloud.Open().Promises.KeyedCreate) Assert.Ignore("This provider has no idempotency key: the operator looks before it creates.");
        var second = await cloud.Open().CreateAsync(request, Ct);
        Assert.That(second.ProviderId, Is.EqualTo(first.ProviderId));
        Assert.That(cloud.CountLiving("node-1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Create_AnswerLostThenFound_OneMachine()
    {
        var request = await RequestAsync("node-1");
        cloud.LoseNextCreateAnswer();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().CreateAsync(request, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.Unavailable, true)));
        var lookup = await cloud.Open().FindAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token), Ct);
        Assert.That(lookup, Is.InstanceOf<Lookup.Found>());
        Assert.That(((Lookup.Found)lookup).Machines.Select(m => m.Marks), Is.EqualTo(new[] { request.Marks }));
        Assert.That(cloud.CountLiving("node-1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Create_Machine_CarriesMarksTypeAndZone()
    {
        var request = await RequestAsync("node-1");
        var machine = await cloud.Open().CreateAsync(request, Ct);
        Assert.That(machine.Marks, Is.EqualTo(request.Marks));
        Assert.That(machine.Type, Is.EqualTo(cloud.Offering.Type));
        Assert.That(machine.Zone, Is.Not.Empty);
        Assert.That(machine.IsAlive, Is.True);
    }

    [Test]
    public async Task FindById_Machine_FoundRunningAfterBoot()
    {
        var machine = await CreateAsync("node-1");
        cloud.Settle();
        var lookup = await cloud.Open().FindAsync(new MachineQuery.ById(machine.ProviderId), Ct);
        Assert.That((lookup as Lookup.Found)?.Machines.Select(m => (m.ProviderId, m.State)), Is.EqualTo(new[] { (machine.ProviderId, MachineState.Running) }));
    }

    [Test]
    public async Task FindById_NeverExisted_ConfirmedAbsent() =>
        Assert.That(await cloud.Open().FindAsync(new MachineQuery.ById(cloud.UnknownId), Ct), Is.EqualTo(new Lookup.ConfirmedAbsent()));

    [Test]
    public async Task FindById_Garbled_UnknownAndNotAbsent() =>
        Assert.That(await cloud.Open().FindAsync(new MachineQuery.ById("nonsense"), Ct), Is.InstanceOf<Lookup.Unknown>());

    [Test]
    public async Task FindByAttempt_OtherAttemptOfSameNode_Absent()
    {
        await CreateAsync("node-1");
        var other = new MachineQuery.ByAttempt(Requests.Marks("node-1", attempt: 2), Requests.Token("node-1", 2));
        Assert.That(await cloud.Open().FindAsync(other, Ct), Is.EqualTo(new Lookup.ConfirmedAbsent()));
    }

    [Test]
    public async Task List_OwnAndForeignMachines_OwnOnlyAndAll()
    {
        foreach (var node in (string[])["node-1", "node-2", "node-3"]) await CreateAsync(node);
        cloud.AddForeign();
        var listing = await cloud.Open().ListAsync(Requests.Installation, Ct);
        Assert.That(listing.Machines.Select(m => m.Marks?.NodeUid), Is.EquivalentTo(new[] { "node-1", "node-2", "node-3" }));
    }

    [Test]
    public async Task Delete_Twice_SucceedsAndMachineIsGone()
    {
        var machine = await CreateAsync("node-1");
        cloud.Settle();
        await cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        await cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        cloud.Settle();
        Assert.That(cloud.CountLiving("node-1"), Is.Zero);
        var lookup = await cloud.Open().FindAsync(new MachineQuery.ById(machine.ProviderId), Ct);
        Assert.That(lookup is Lookup.ConfirmedAbsent || lookup is Lookup.Found { Machines: [{ State: MachineState.Terminated }] }, Is.True, $"{lookup}");
    }

    [Test]
    public async Task Delete_NeverExisted_Succeeds() => await cloud.Open().DeleteAsync(cloud.UnknownId, Requests.Installation, Ct);

    [Test]
    public async Task Delete_ForeignMachine_RefusedAndStillThere()
    {
        var foreign = cloud.AddForeign();
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().DeleteAsync(foreign, Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((DriverFault.BadSettings, false)));
        Assert.That(await cloud.Open().FindAsync(new MachineQuery.ById(foreign), Ct), Is.InstanceOf<Lookup.Found>());
    }

    [Test]
    public async Task Delete_OtherInstallationsMachine_Refused()
    {
        var machine = await CreateAsync("node-1");
        var fault = Assert.ThrowsAsync<DriverException>(() => cloud.Open().DeleteAsync(machine.ProviderId, "installation-2", Ct));
        Assert.That(fault.Fault, Is.EqualTo(DriverFault.BadSettings));
        Assert.That(cloud.CountLiving("node-1"), Is.EqualTo(1));
    }

    [TestCase("installation-1")]
    [TestCase("installation-2")]
    public async Task Claim_FormerMarks_AreReplacedWhicheverInstallationTheyAreOf(string installation)
    {
        var machine = await CreateAsync("node-1");
        var to = Adopter(installation);
        var claimed = await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks! with { Installation = "" }, to, Ct);
        Assert.That((claimed?.ProviderId, claimed?.Marks), Is.EqualTo((machine.ProviderId, to)));
        var lookup = await cloud.Open().FindAsync(new MachineQuery.ById(machine.ProviderId), Ct);
        Assert.That((lookup as Lookup.Found)?.Machines.Select(m => (m.Marks, m.Token)), Is.EqualTo(new[] { (to, machine.Token) }), "the launch's token stays");
        Assert.That((await cloud.Open().ListAsync(to.Installation, Ct)).Machines.Select(m => m.ProviderId), Is.EqualTo(new[] { machine.ProviderId }));
        Assert.That(cloud.CountLiving("node-1"), Is.Zero);
        Assert.That(cloud.CountLiving("node-2"), Is.EqualTo(1));
    }

    [Test]
    public async Task Claim_Again_IsTheSame()
    {
        var machine = await CreateAsync("node-1");
        var to = Adopter(Requests.Installation);
        await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, to, Ct);
        Assert.That((await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, to, Ct))?.Marks, Is.EqualTo(to));
    }

    [Test]
    public async Task Claim_AnotherWasFaster_IsLeftAlone()
    {
        var machine = await CreateAsync("node-1");
        var first = Adopter(Requests.Installation);
        await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, first, Ct);
        var late = await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, first with { NodeUid = "node-3" }, Ct);
        Assert.That(late?.Marks, Is.EqualTo(first));
    }

    [Test]
    public async Task Claim_ForeignMachine_IsLeftAlone()
    {
        var foreign = cloud.AddForeign();
        var answer = await cloud.Open().ClaimAsync(foreign, Requests.Marks("node-1", 1), Adopter(Requests.Installation), Ct);
        Assert.That((answer?.ProviderId, answer?.Marks), Is.EqualTo((foreign, (MachineMarks?)null)));
    }

    [Test]
    public async Task Claim_TerminatedMachine_IsLeftAlone()
    {
        var machine = await CreateAsync("node-1");
        await cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct);
        cloud.Settle();
        var answer = await cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, Adopter(Requests.Installation), Ct);
        Assert.That(answer is null || (!answer.IsAlive && answer.Marks == machine.Marks), Is.True, $"{answer}");
    }

    [Test]
    public async Task Claim_NeverExisted_IsNull() =>
        Assert.That(await cloud.Open().ClaimAsync(cloud.UnknownId, Requests.Marks("node-1", 1), Adopter(Requests.Installation), Ct), Is.Null);

    [Test]
    public async Task Claim_ReadBroken_IsAFaultAndChangesNothing([Values] Breakage breakage)
    {
        var machine = await CreateAsync("node-1");
        cloud.BreakReads(breakage, nth: 1);
        var fault = await FaultAsync(cloud.Open().ClaimAsync(machine.ProviderId, machine.Marks!, Adopter(Requests.Installation), Ct));
        Assert.That(fault.Fault, Is.EqualTo(Expected(breakage)));
        Assert.That(cloud.CountLiving("node-1"), Is.EqualTo(1), "still marked as it was");
    }

    [Test]
    public async Task List_Broken_IsAFaultAndNeverAShorterList([Values] Breakage breakage)
    {
        await CreateAsync("node-1");
        cloud.BreakReads(breakage, nth: 1);
        var fault = await FaultAsync(cloud.Open().ListAsync(Requests.Installation, Ct));
        Assert.That((fault.Fault, fault.OutcomeUnknown), Is.EqualTo((Expected(breakage), false)));
    }

    [Test]
    public async Task FindById_Broken_IsUnknown([Values] Breakage breakage)
    {
        var machine = await CreateAsync("node-1");
        cloud.BreakReads(breakage, nth: 1);
        Assert.That(await UnknownAsync(new MachineQuery.ById(machine.ProviderId)), Is.EqualTo(Expected(breakage)));
    }

    [Test]
    public async Task FindByAttempt_Broken_IsUnknown([Values] Breakage breakage)
    {
        var request = await RequestAsync("node-1");
        await cloud.Open().CreateAsync(request, Ct);
        cloud.BreakReads(breakage, nth: 1);
        Assert.That(await UnknownAsync(new MachineQuery.ByAttempt(request.Marks, request.Attempt.Token)), Is.EqualTo(Expected(breakage)));
    }

    [Test]
    public async Task Delete_ReadBroken_IsAFaultAndDeletesNothing([Values] Breakage breakage)
    {
        var machine = await CreateAsync("node-1");
        cloud.BreakReads(breakage, nth: 1);
        var fault = await FaultAsync(cloud.Open().DeleteAsync(machine.ProviderId, Requests.Installation, Ct));
        Assert.That(fault.Fault, Is.EqualTo(Expected(breakage)));
        Assert.That(cloud.CountLiving("node-1"), Is.EqualTo(1));
    }

    [Test]
    public async Task Resolve_Broken_IsAFault([Values] Breakage breakage)
    {
        cloud.BreakReads(breakage, nth: 1);
        var fault = await FaultAsync(cloud.Open().ResolveAsync(cloud.Settings, cloud.Offering, Core.Api.OperatingSystem.Ubuntu, 0, Ct));
        Assert.That(fault.Fault, Is.EqualTo(Expected(breakage)));
    }

    private static MachineMarks Adopter(string installation) => new(installation, "pool-2", "node-2", 1);

    protected Task<MachineRequest> RequestAsync(string node) => Requests.ResolveAsync(cloud.Open(), cloud.Settings, cloud.Offering, node, Ct);

    protected async Task<Machine> CreateAsync(string node) => await cloud.Open().CreateAsync(await RequestAsync(node), Ct);

    protected async Task<DriverException> FaultAsync(Task call)
    {
        await cloud.PassDeadlineAsync(call, Ct);
        return Assert.ThrowsAsync<DriverException>(() => call);
    }

    private async Task<DriverFault> UnknownAsync(MachineQuery query)
    {
        var call = cloud.Open().FindAsync(query, Ct);
        await cloud.PassDeadlineAsync(call, Ct);
        var lookup = await call;
        Assert.That(lookup, Is.InstanceOf<Lookup.Unknown>());
        return ((Lookup.Unknown)lookup).Fault;
    }

    private static DriverFault Expected(Breakage breakage) => breakage switch
    {
        Breakage.Unauthorized or Breakage.Forbidden => DriverFault.NotAllowed,
        Breakage.Throttled => DriverFault.Throttled,
        Breakage.ServerError or Breakage.Hang or Breakage.Cut or Breakage.HalfPage => DriverFault.Unavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(breakage), breakage, "unknown breakage"),
    };
}
