using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class ControllerHostTests
{
    private static readonly ObjectKey LeaseKey = new("kontena", "operator");

    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private readonly Script script = new();
    private readonly CancellationTokenSource stop = new();
    private MemoryApi api = null!;
    private Informer<Widget> widgets = null!;
    private Controller controller = null!;
    private LeaderElection election = null!;
    private EventRecorder events = null!;

    [SetUp]
    public void SetUp()
    {
        api = new MemoryApi(time);
        widgets = new Informer<Widget>(api, Widgets.Kind, new Store<Widget>(), InformerOptions.Default, time, () => 0, log);
        controller = new Controller(script, ControllerOptions.Default, time, () => 0, log).Watches(widgets, OwnerMap.ToSelf());
        election = new LeaderElection(api, new LeaderElectionOptions { Lease = LeaseKey, Identity = "me" }, time, () => 0, log);
        events = new EventRecorder(api, EventRecorderOptions.Default, time, () => 0, log);
    }

    [TearDown]
    public void TearDown()
    {
        controller.Dispose();
        election.Dispose();
        stop.Dispose();
    }

    [Test]
    public async Task Run_Standby_KeepsItsCacheWarmAndReconcilesOnlyOnceItLeads()
    {
        await HoldLeaseAsync("other");
        await CreateAsync();
        var run = Host(election).RunAsync(stop.Token);
        await Settled.UntilAsync(() => widgets.HasSynced, "the cache");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(script.Runs, Is.Empty);

        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count == 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), "the first run");

        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task Stop_Leading_GivesTheLeaseBackOnlyAfterTheWorkEnded()
    {
        await CreateAsync();
        var gate = script.HoldOnce("a");
        var run = Host(election).RunAsync(stop.Token);
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");
        await stop.CancelAsync();
        await Settled.UntilAsync(() => controller.Queue.IsShutDown, "the stop");
        Assert.That(Holder, Is.EqualTo("me"));
        events.Record(Widgets.Kind, api.PeekAll(Widgets.Kind)[0], EventType.Normal, "Last", "Words.");

        gate.TrySetResult();
        await run;

        Assert.That(Holder, Is.Empty);
        Assert.That(api.PeekAll(CoreKinds.Event).Select(e => e.Message), Is.EqualTo(new[] { "Words." }));
        Assert.That(api.OpenWatches, Is.Zero);
    }

    [Test]
    public async Task Run_LeadershipLost_CancelsTheWorkAndEndsWithTheReason()
    {
        await CreateAsync();
        script.HangOnce("a");
        var run = Host(election).RunAsync(stop.Token);
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");
        api.Refuse(call => call.Kind == "leases.coordination.k8s.io", Fault.Unreachable, times: 1000);

        await Settled.AdvanceUntilAsync(time, () => run.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromMinutes(5), "the end");

        Assert.That(async () => await run, Throws.TypeOf<LeadershipLost>());
        Assert.That(script.Cancelled, Is.EqualTo(1));
        Assert.That(Holder, Is.EqualTo("me"), "a lost lease runs out by itself");
    }

    [Test]
    public async Task Run_APartBreaks_EndsTheWholeWithItsError()
    {
        var broken = new Informer<Widget>(api, Widgets.Kind, new Store<Widget>(), InformerOptions.Default, time, () => throw new InvalidOperationException("a bug"), log);
        var host = new ControllerHost(new HostedParts([widgets, broken], [controller]), log);

        Assert.That(async () => await host.RunAsync(stop.Token), Throws.InvalidOperationException.With.Message.EqualTo("a bug"));
        Assert.That(api.OpenWatches, Is.Zero, "the others were joined");
    }

    [Test]
    public async Task Run_WithoutElection_WorksAtOnce()
    {
        await CreateAsync();
        var run = Host(null).RunAsync(stop.Token);

        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");

        await stop.CancelAsync();
        await run;
    }

    private string? Holder => api.Peek(CoreKinds.Lease, LeaseKey)!.Spec.HolderIdentity;

    private ControllerHost Host(LeaderElection? leader) => new(new HostedParts([widgets], [controller], events, leader), log);

    private Task<Widget> CreateAsync() => api.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default);

    private Task<Lease> HoldLeaseAsync(string holder) => api.CreateAsync(CoreKinds.Lease, new Lease
    {
        Metadata = new ObjectMeta { Namespace = LeaseKey.Namespace, Name = LeaseKey.Name },
        Spec = new LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 },
    }, WriteOptions.Default, default);
}
