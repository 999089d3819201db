using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>How soon an elector that stands by takes a lease, and what it costs while it waits.</summary>
public sealed class LeaseStandbyTests
{
    private static readonly ObjectKey LeaseKey = new("kontena", "operator");

    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<(LeaderElection Election, Task Run)> started = [];
    private MemoryApi api = null!;

    [SetUp]
    public async Task SetUp()
    {
        api = new MemoryApi(time);
        await api.CreateAsync(CoreKinds.Lease, new Lease
        {
            Metadata = new ObjectMeta { Namespace = LeaseKey.Namespace, Name = LeaseKey.Name },
            Spec = new LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 15, LeaseTransitions = 3 },
        }, WriteOptions.Default, default);
    }

    [TearDown]
    public async Task TearDown()
    {
        await stop.CancelAsync();
        foreach (var (election, run) in started)
        {
            await run.ContinueWith(_ => { }, TaskScheduler.Default);
            election.Dispose();
        }
        stop.Dispose();
        Assert.That(api.OpenWatches, Is.Zero, "whoever stopped watches nothing");
    }

    [Test]
    public async Task Run_LeaseGivenBack_LeadsAtOnce()
    {
        var one = Start();
        await Settled.UntilAsync(() => IsWaiting(TimeSpan.FromSeconds(4)), "it stands by");

        await WriteAsync(spec => spec with { HolderIdentity = "", LeaseDurationSeconds = 1 });
        await one.Leading;

        Assert.That((time.GetUtcNow(), Stored.HolderIdentity, Stored.LeaseTransitions), Is.EqualTo((new ManualTime().GetUtcNow(), "one-0", 4)));
    }

    [Test]
    public async Task Run_LeaseDeleted_LeadsAtOnce()
    {
        var one = Start();
        await Settled.UntilAsync(() => IsWaiting(TimeSpan.FromSeconds(4)), "it stands by");

        await api.DeleteAsync(CoreKinds.Lease, LeaseKey, new DeleteQuery(), default);
        await one.Leading;

        Assert.That(time.GetUtcNow(), Is.EqualTo(new ManualTime().GetUtcNow()));
    }

    [Test]
    public async Task Run_HolderRenews_AsksNothingMore()
    {
        var one = Start();
        for (var renewal = 0; renewal < 20; renewal++)
        {
            await Settled.UntilAsync(() => IsWaiting(TimeSpan.FromSeconds(4)), "the renewal is seen");
            time.Advance(TimeSpan.FromSeconds(3));
            await WriteAsync(spec => spec with { RenewTime = time.GetUtcNow() });
        }

        Assert.That((Count(ApiVerb.Get), Count(ApiVerb.Watch), one.Leading.IsCompleted), Is.EqualTo((1, 1, false)));
        Assert.That(log.AboveDebug, Has.Count.EqualTo(1), "who holds it is said once");
    }

    [Test]
    public async Task Run_HolderFallsSilent_LeadsTheMomentTheLeaseRunsOut_LookingEachTwoPeriods()
    {
        var one = Start();
        while (!one.Leading.IsCompleted)
        {
            await Settled.UntilAsync(() => one.Leading.IsCompleted || IsWaiting(TimeSpan.FromSeconds(4)) || IsWaiting(TimeSpan.FromSeconds(3)), "it waits");
            if (!one.Leading.IsCompleted) time.Advance(time.NextTimer!.Value - time.GetUtcNow());
        }

        Assert.That(time.GetUtcNow() - new ManualTime().GetUtcNow(), Is.EqualTo(TimeSpan.FromSeconds(15)));
        Assert.That(Count(ApiVerb.Get), Is.EqualTo(5), "at 0, 4, 8, 12 and 15 s");
    }

    [Test]
    public async Task Run_TheWatchIsDead_ARenewalIsSeenByTheNextLook()
    {
        var one = Start();
        await Settled.UntilAsync(() => IsWaiting(TimeSpan.FromSeconds(4)), "it stands by");
        api.SilenceWatches();
        await WriteAsync(spec => spec with { RenewTime = time.GetUtcNow() });

        time.Advance(TimeSpan.FromSeconds(4));
        await Settled.UntilAsync(() => Count(ApiVerb.Watch) == 2 && IsWaiting(TimeSpan.FromSeconds(4)), "it has looked");
        time.Advance(TimeSpan.FromSeconds(4));
        await Settled.UntilAsync(() => Count(ApiVerb.Watch) == 3 && IsWaiting(TimeSpan.FromSeconds(4)), "it has looked again");

        Assert.That((Count(ApiVerb.Get), one.Leading.IsCompleted), Is.EqualTo((3, false)));
    }

    [Test]
    public async Task Run_WatchesEndAtOnce_LooksOnceAPeriod()
    {
        Start();
        for (var round = 1; round <= 5; round++)
        {
            await Settled.UntilAsync(() => Count(ApiVerb.Watch) == round && IsWaiting(TimeSpan.FromSeconds(4)), "it watches");
            api.EndWatches();
            await Settled.UntilAsync(() => IsWaiting(TimeSpan.FromSeconds(2)), "it waits the period out");
            time.Advance(TimeSpan.FromSeconds(2));
        }

        await Settled.UntilAsync(() => Count(ApiVerb.Get) == 6, "the last look");
    }

    [Test]
    public async Task Run_MayNotWatch_SaysSoOnce_AndLooksOnceAPeriod()
    {
        api.Refuse(call => call.Verb == ApiVerb.Watch, () => new KubeFault(FaultReason.Forbidden, "leases are not to be watched"), times: 1000);
        var one = Start();
        for (var round = 1; round <= 3; round++)
        {
            await Settled.UntilAsync(() => Count(ApiVerb.Get) == round && IsWaiting(TimeSpan.FromSeconds(2)), "it waits");
            time.Advance(TimeSpan.FromSeconds(2));
        }
        await Settled.UntilAsync(() => Count(ApiVerb.Get) == 4 && IsWaiting(TimeSpan.FromSeconds(2)), "it waits");

        await WriteAsync(spec => spec with { HolderIdentity = "" });
        time.Advance(TimeSpan.FromSeconds(2));
        await one.Leading;

        Assert.That(Count(ApiVerb.Watch), Is.EqualTo(1));
        Assert.That(log.AboveDebug.Count(l => l.Contains("leases are not to be watched", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Run_TenStandByAtARelease_OneWrites()
    {
        var all = Enumerable.Range(1, 10).Select(n => Start(n, () => n / 10.0)).ToList();
        await Settled.UntilAsync(() => api.OpenWatches == 10, "ten stand by");
        api.ClearCalls();

        await WriteAsync(spec => spec with { HolderIdentity = "" });
        await Settled.UntilAsync(() => api.OpenWatches == 0 && time.WaitingTimers == 10, "all saw it, and wait a little");
        // They are a fiftieth of a second apart.
        time.Advance(TimeSpan.FromSeconds(0.02));
        await Settled.UntilAsync(() => all.Exists(e => e.Leading.IsCompleted), "the first has it");
        time.Advance(TimeSpan.FromSeconds(0.18));
        await Settled.UntilAsync(() => Count(ApiVerb.Get) == 10, "all have looked");

        Assert.That(all.Count(e => e.Leading.IsCompleted), Is.EqualTo(1));
        Assert.That(Count(ApiVerb.Update), Is.EqualTo(2), "the release and one taking");
    }

    private LeaseSpec Stored => api.Peek(CoreKinds.Lease, LeaseKey)!.Spec;

    private int Count(ApiVerb verb) => api.Calls.Count(call => call.Verb == verb);

    /// <summary>The next thing to happen by itself is so far off: whoever runs has come to its wait.</summary>
    private bool IsWaiting(TimeSpan left) => time.NextTimer - time.GetUtcNow() == left;

    private LeaderElection Start(int number = 0, Func<double>? random = null)
    {
        var election = new LeaderElection(api, new LeaderElectionOptions { Lease = LeaseKey, Identity = $"one-{number}" }, time, random ?? (() => 0), log);
        started.Add((election, election.RunAsync(stop.Token)));
        return election;
    }

    private async Task WriteAsync(Func<LeaseSpec, LeaseSpec> edit)
    {
        var stored = api.Peek(CoreKinds.Lease, LeaseKey)!;
        await api.UpdateAsync(CoreKinds.Lease, stored with { Spec = edit(stored.Spec) }, WriteOptions.Default, default);
    }
}
