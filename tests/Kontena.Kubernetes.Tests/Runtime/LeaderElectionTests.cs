using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class LeaderElectionTests
{
    private static readonly ObjectKey LeaseKey = new("kontena", "operator");

    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private readonly List<(LeaderElection Election, Task Run, CancellationTokenSource Stop)> started = [];
    private MemoryApi api = null!;

    [SetUp]
    public void SetUp() => api = new MemoryApi(time);

    [TearDown]
    public async Task TearDown()
    {
        foreach (var (election, run, stop) in started)
        {
            await stop.CancelAsync();
            await run.ContinueWith(_ => { }, TaskScheduler.Default);
            election.Dispose();
            stop.Dispose();
        }
    }

    [Test]
    public async Task Run_NoLeaseYet_LeadsAtOnce()
    {
        var one = Start("one");

        await one.Leading;

        Assert.That(Stored.HolderIdentity, Is.EqualTo("one"));
        Assert.That(one.TakenOver, Is.EqualTo(time.GetUtcNow()));
        Assert.That(one.MayWrite(TimeSpan.FromSeconds(14)), Is.True);
        Assert.That(one.MayWrite(TimeSpan.FromSeconds(15)), Is.False, "others may lead by then");
    }

    [Test]
    public async Task Run_Renewing_LeadsOn()
    {
        var one = Start("one");
        await one.Leading;

        await Settled.AdvanceUntilAsync(time, () => one.LeadingFor > TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3), "two minutes");

        Assert.That(one.MayWrite(TimeSpan.Zero), Is.True);
        Assert.That(log.AboveDebug, Has.Count.EqualTo(1), "a quiet leader is quiet");
    }

    [Test]
    public async Task Run_LeaseOfAnotherSeenFirst_WaitsItsDurationByOwnClockWhateverTimesItHolds([Values(-1000, 0, 1000)] int secondsOff)
    {
        await SeedAsync("dead", time.GetUtcNow().AddSeconds(secondsOff));
        var one = Start("one");
        await Settled.AdvanceUntilAsync(time, () => Observed(1), TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1), "the first look");
        var began = time.GetUtcNow();

        await Settled.AdvanceUntilAsync(time, () => one.Leading.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5), "leading");

        Assert.That(time.GetUtcNow() - began, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(Stored.LeaseTransitions, Is.EqualTo(4));
    }

    [Test]
    public async Task Stop_Leading_GivesTheLeaseBackAndMayNotWrite()
    {
        var one = Start("one");
        await one.Leading;
        await started[0].Stop.CancelAsync();
        await started[0].Run;

        Assert.That((Stored.HolderIdentity, one.MayWrite(TimeSpan.Zero), one.Lost.IsCancellationRequested), Is.EqualTo(("", false, true)));
        var two = Start("two");
        await two.Leading;
    }

    [Test]
    public async Task Stop_RenewalCutOffAfterItWasCarriedOut_StillGivesBack()
    {
        var one = Start("one");
        await one.Leading;
        api.LoseAnswer(call => call.Verb == ApiVerb.Update);
        await Settled.AdvanceUntilAsync(time, () => Updates >= 1, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1), "the renewal");
        await started[0].Stop.CancelAsync();
        await started[0].Run;

        Assert.That(Stored.HolderIdentity, Is.Empty);
    }

    [Test]
    public async Task Run_RenewalAnswersLost_LeadsOn()
    {
        var one = Start("one");
        await one.Leading;
        api.LoseAnswer(call => call.Verb == ApiVerb.Update, times: 3);

        await Settled.AdvanceUntilAsync(time, () => Updates > 8, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5), "renewals");

        Assert.That(one.MayWrite(TimeSpan.Zero), Is.True);
    }

    [Test]
    public async Task Run_ApiAway_LosesBeforeOthersMayLeadAndNeverComesBack()
    {
        var one = Start("one");
        await one.Leading;
        api.Refuse(call => call.Verb is ApiVerb.Update or ApiVerb.Get, Fault.Unreachable, times: 1000);

        await Settled.AdvanceUntilAsync(time, () => started[0].Run.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1), "the loss");

        Assert.That(async () => await started[0].Run, Throws.TypeOf<LeadershipLost>());
        Assert.That(one.Lost.IsCancellationRequested, Is.True);
        var calls = api.Calls.Count;
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.That((api.Calls.Count, one.MayWrite(TimeSpan.Zero)), Is.EqualTo((calls, false)));
    }

    [Test]
    public async Task Run_RenewalHangs_LossIsAnnouncedAtTheRenewDeadline()
    {
        var one = Start("one");
        await one.Leading;
        var held = api.Hold(call => call.Verb == ApiVerb.Update);
        await Settled.AdvanceUntilAsync(time, () => held.Waiting == 1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(9), "the renewal");
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(one.Lost.IsCancellationRequested, Is.True);
        await Settled.UntilAsync(() => started[0].Run.IsCompleted, "the end");
    }

    [Test]
    public async Task Run_LeaseTakenByAnother_LosesAtTheNextRenewal()
    {
        var one = Start("one");
        await one.Leading;
        var stored = api.Peek(CoreKinds.Lease, LeaseKey)!;
        await api.UpdateAsync(CoreKinds.Lease, stored with { Spec = stored.Spec with { HolderIdentity = "thief" } }, WriteOptions.Default, default);

        await Settled.AdvanceUntilAsync(time, () => started[0].Run.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(1), "the loss");

        Assert.That(async () => await started[0].Run, Throws.TypeOf<LeadershipLost>().With.Message.Contains("thief"));
        Assert.That(Stored.HolderIdentity, Is.EqualTo("thief"));
    }

    [Test]
    public async Task MayWrite_ProcessFrozenPastTheLease_IsFalseBeforeAnyTimerRan()
    {
        var clock = new StallingTime(time, TimeSpan.Zero);
        var one = Start("one", clock);
        await one.Leading;
        clock.Freeze();
        time.Advance(TimeSpan.FromHours(1));

        Assert.That(one.MayWrite(TimeSpan.Zero), Is.False);
        var updates = Updates;
        clock.Thaw();
        await Settled.UntilAsync(() => started[0].Run.IsCompleted, "the loss");
        Assert.That(async () => await started[0].Run, Throws.TypeOf<LeadershipLost>());
        Assert.That(Updates, Is.EqualTo(updates), "it does not take the lease again");
    }

    /// <summary>Electors that freeze, thaw, stop and restart, clocks that disagree by minutes, calls that fail before and after: never two that may write.</summary>
    [Test]
    public async Task Run_TwoElectorsUnderRandomSchedules_AtMostOneMayWriteAtAnyInstant([Range(1, 60)] int seed)
    {
        var random = new Random(seed);
        StallingTime[] clocks = [new(time, TimeSpan.FromMinutes(random.Next(-20, 20))), new(time, TimeSpan.FromMinutes(random.Next(-20, 20)))];
        LeaderElection[] electors = [Start("0.0", clocks[0], random), Start("1.0", clocks[1], random)];
        var leaders = new HashSet<LeaderElection>();
        for (var step = 0; step < 400; step++)
        {
            var who = random.Next(2);
            switch (random.Next(20))
            {
                case 0:
                    clocks[who].Freeze();
                    break;
                case 1:
                    clocks[who].Thaw();
                    break;
                case 3:
                    api.Refuse(call => call.Kind == "leases.coordination.k8s.io", Fault.Unreachable, random.Next(1, 6));
                    break;
                case 4:
                    api.LoseAnswer(call => call.IsWrite, random.Next(1, 4));
                    break;
                case 5 when random.Next(4) == 0:
                    started.Find(s => s.Election == electors[who]).Stop.Cancel();
                    break;
                default:
                    time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000)));
                    break;
            }
            if (electors[who].Lost.IsCancellationRequested) electors[who] = Start($"{who}.{step + 1}", clocks[who], random);
            await Task.Yield();
            var may = started.Where(s => s.Election.MayWrite(TimeSpan.Zero)).Select(s => s.Election).ToList();
            Assert.That(may, Has.Count.LessThanOrEqualTo(1), $"step {step}");
            leaders.UnionWith(may);
        }
        Assert.That(leaders, Is.Not.Empty, "somebody led");
        foreach (var clock in clocks) clock.Thaw();
    }

    [Test]
    public void Options_TimesThatLeaveNoRoom_AreRefused() =>
        Assert.That(() => Build("x", time, Options("x") with { RenewDeadline = TimeSpan.FromSeconds(15) }), Throws.ArgumentException);

    [Test]
    public void BootClock_OnLinux_CountsFromBootAndForward()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("CLOCK_BOOTTIME is Linux's.");
        var clock = BootClock.Instance;
        var first = clock.GetTimestamp();
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.That(clock.TimestampFrequency, Is.EqualTo(1_000_000_000));
        Assert.That(TimeSpan.FromSeconds(first / 1e9), Is.EqualTo(TimeSpan.FromSeconds(uptime)).Within(TimeSpan.FromSeconds(60)), "the kernel's own figure, suspend included");
        Assert.That(clock.GetTimestamp(), Is.GreaterThanOrEqualTo(first));
    }

    [Test]
    public void AlwaysLeading_FromItsStart_MayWriteAndKnowsSinceWhen()
    {
        var leading = new AlwaysLeading(time);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.That((leading.MayWrite(TimeSpan.FromHours(1)), leading.LeadingFor), Is.EqualTo((true, (TimeSpan?)TimeSpan.FromSeconds(3))));
    }

    private LeaseSpec Stored => api.Peek(CoreKinds.Lease, LeaseKey)!.Spec;

    private int Updates => api.Calls.Count(call => call.Verb == ApiVerb.Update);

    private bool Observed(int times) => api.Calls.Count(call => call.Verb == ApiVerb.Get) >= times;

    private static LeaderElectionOptions Options(string identity) => new() { Lease = LeaseKey, Identity = identity };

    private LeaderElection Build(string identity, TimeProvider clock, LeaderElectionOptions? options = null, Random? random = null) =>
        new(api, options ?? Options(identity), clock, () => random?.NextDouble() ?? 0, log);

    private LeaderElection Start(string identity, TimeProvider? clock = null, Random? random = null)
    {
        var election = Build(identity, clock ?? time, random: random is null ? null : new Random(random.Next()));
        var stop = new CancellationTokenSource();
        started.Add((election, election.RunAsync(stop.Token), stop));
        return election;
    }

    private Task<Lease> SeedAsync(string holder, DateTimeOffset renewed) => api.CreateAsync(CoreKinds.Lease, new Lease
    {
        Metadata = new ObjectMeta { Namespace = LeaseKey.Namespace, Name = LeaseKey.Name },
        Spec = new LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15, RenewTime = renewed, LeaseTransitions = 3 },
    }, WriteOptions.Default, default);
}
