using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class ControllerTests
{
    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private readonly Script script = new();
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource abort = new();
    private readonly List<Task> running = [];
    private MemoryApi api = null!;
    private Informer<Widget> widgets = null!;
    private Controller controller = null!;

    [SetUp]
    public void SetUp()
    {
        api = new MemoryApi(time);
        widgets = new Informer<Widget>(api, Widgets.Kind, new Store<Widget>(), InformerOptions.Default, time, () => 0, log);
        Build(ControllerOptions.Default);
    }

    [TearDown]
    public async Task TearDown()
    {
        await stop.CancelAsync();
        await Task.WhenAll(running);
        controller.Dispose();
        stop.Dispose();
        abort.Dispose();
    }

    [Test]
    public async Task Run_InformerNotSynced_NothingRunsYet()
    {
        await CreateAsync("a");
        var held = api.Hold(call => call.Verb == ApiVerb.List);
        Start();
        controller.Queue.Add(Widgets.Key("early"));
        await Settled.UntilAsync(() => held.Waiting == 1, "the list");
        Assert.That(script.Runs, Is.Empty);

        held.Release();

        await Settled.UntilAsync(() => script.Runs.Count == 2, "both keys");
        Assert.That(script.Runs, Is.EquivalentTo(new[] { "a", "early" }));
    }

    [Test]
    public async Task Run_OwnedObjectChanges_ItsOwnerRuns()
    {
        var maps = new Informer<ConfigMap>(api, CoreKinds.ConfigMap, new Store<ConfigMap>(), InformerOptions.Default, time, () => 0, log);
        controller.Watches(maps, OwnerMap.ToOwner(Widgets.Kind));
        running.Add(maps.RunAsync(stop.Token));
        Start();
        var owners = new[] { Owner("test.kontena.io/v2", "Widget", "w"), Owner("other.io/v1", "Widget", "x"), Owner("v1", "Node", "n") };

        await api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap { Metadata = new() { Namespace = "shop", Name = "m", OwnerReferences = owners } }, WriteOptions.Default, default);

        await Settled.UntilAsync(() => script.Runs.Count == 1, "the owner");
        Assert.That(script.Runs, Is.EqualTo(new[] { "w" }));
    }

    [Test]
    public async Task Run_ObjectChangesItsOwner_BothOwnersRun()
    {
        var maps = new Informer<ConfigMap>(api, CoreKinds.ConfigMap, new Store<ConfigMap>(), InformerOptions.Default, time, () => 0, log);
        controller.Watches(maps, OwnerMap.ToOwner(Widgets.Kind));
        running.Add(maps.RunAsync(stop.Token));
        var map = await api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap { Metadata = new() { Namespace = "shop", Name = "m", OwnerReferences = [Owner("test.kontena.io/v1", "Widget", "old")] } }, WriteOptions.Default, default);
        Start();
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the first owner");

        await api.UpdateAsync(CoreKinds.ConfigMap, map with { Metadata = map.Metadata with { OwnerReferences = [Owner("test.kontena.io/v1", "Widget", "new")] } }, WriteOptions.Default, default);

        await Settled.UntilAsync(() => script.Runs.Count == 3, "both owners");
        Assert.That(script.Runs.Skip(1), Is.EquivalentTo(new[] { "old", "new" }));
    }

    [Test]
    public async Task Run_After_RunsAgainThen()
    {
        script.Next = (_, n) => n == 1 ? new Next.After(TimeSpan.FromMinutes(1)) : new Next.AwaitChange();
        await StartWithAsync("a");
        await Settled.UntilAsync(() => controller.Queue.Delayed == 1, "the wish");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(script.Runs, Has.Count.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(1));

        await Settled.UntilAsync(() => script.Runs.Count == 2, "the second run");
        Assert.That(controller.Queue.Delayed, Is.Zero);
    }

    [Test]
    public async Task Run_SameFailureManyTimes_IsLoggedOnceAndRetriedForEver()
    {
        script.Next = (_, n) => n <= 12 ? throw new InvalidOperationException("boom") : new Next.AwaitChange();
        await StartWithAsync("a");

        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count == 13, TimeSpan.FromSeconds(10), TimeSpan.FromHours(2), "12 failures and a success");
        await Settled.UntilAsync(() => log.At(LogLevel.Information).Count == 1, "the good news");

        Assert.That(log.At(LogLevel.Error), Is.EqualTo(new[] { "script: shop/a failed; again in 00:00:01" }));
        Assert.That(log.At(LogLevel.Information), Is.EqualTo(new[] { "script: shop/a reconciles again" }));
    }

    [Test]
    public async Task Run_FailureChanges_IsLoggedAgain()
    {
        script.Next = (_, n) => throw new InvalidOperationException(n < 3 ? "first" : "second");
        await StartWithAsync("a");

        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count == 5, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1), "five runs");

        Assert.That(log.At(LogLevel.Error), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Run_Conflict_IsRetriedWithinMomentsAndQuietly()
    {
        script.Next = (_, n) => n <= 3 ? throw Fault.Conflict("w") : new Next.AwaitChange();
        await StartWithAsync("a");
        var began = time.GetUtcNow();

        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count == 4, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1), "three retries");

        Assert.That(time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(log.AboveDebug, Is.Empty);
    }

    [Test]
    public async Task Run_ConflictForEver_SlowsDown()
    {
        script.Next = (_, _) => throw Fault.Conflict("w");
        await StartWithAsync("a");

        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count >= 8, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "some runs");
        var runs = script.Runs.Count;
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(script.Runs, Has.Count.LessThanOrEqualTo(runs + 1));
        Assert.That(log.AboveDebug, Is.Empty);
    }

    [Test]
    public async Task Run_ServerAsksForTime_KeyWaitsThatLong()
    {
        script.Next = (_, n) => n == 1 ? throw Fault.Throttled(TimeSpan.FromSeconds(90)) : new Next.AwaitChange();
        await StartWithAsync("a");
        await Settled.UntilAsync(() => controller.Queue.Delayed == 1, "the back-off");
        time.Advance(TimeSpan.FromSeconds(89));
        Assert.That(script.Runs, Has.Count.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(1));

        await Settled.UntilAsync(() => script.Runs.Count == 2, "the second run");
    }

    [Test]
    public async Task Run_ReconcileHangs_IsCancelledAtTheDeadlineAndTriedAgain()
    {
        script.HangOnce("a");
        await StartWithAsync("a");
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");

        time.Advance(TimeSpan.FromMinutes(2));
        await Settled.AdvanceUntilAsync(time, () => script.Runs.Count == 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), "the second run");

        Assert.That(log.At(LogLevel.Warning), Is.EqualTo(new[] { "script: shop/a did not finish within 00:02:00; again in 00:00:01" }));
    }

    [Test]
    public async Task Stop_ReconcileUnderWay_MayFinishWithinTheGrace()
    {
        Build(ControllerOptions.Default with { Workers = 1 });
        var gate = script.HoldOnce("a");
        await StartWithAsync("a");
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");
        controller.Queue.Add(Widgets.Key("never"));
        await stop.CancelAsync();
        await Settled.UntilAsync(() => controller.Queue.IsShutDown, "the queue is closed");
        Assert.That(running[^1].IsCompleted, Is.False);

        gate.TrySetResult();

        await running[^1];
        Assert.That((script.Cancelled, script.Finished), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Stop_ReconcileTooSlow_IsCancelledAndJoined()
    {
        script.HangOnce("a");
        await StartWithAsync("a");
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");
        await stop.CancelAsync();

        await Settled.AdvanceUntilAsync(time, () => running[^1].IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60), "the controller to end");

        Assert.That(script.Cancelled, Is.EqualTo(1));
    }

    [Test]
    public async Task Stop_ReconcileIgnoresItsCancellation_EndsWithinTheGraceAndNamesTheKey()
    {
        var gate = script.HoldOnce("a");
        await StartWithAsync("a");
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");
        await stop.CancelAsync();

        await Settled.AdvanceUntilAsync(time, () => running[^1].IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(60), "the controller to end");

        Assert.That(async () => await running[^1], Throws.TypeOf<TimeoutException>().With.Message.Contains("shop/a"));
        running.RemoveAt(running.Count - 1);
        gate.TrySetResult();
    }

    [Test]
    public async Task Abort_ReconcileUnderWay_IsCancelledAtOnce()
    {
        script.HangOnce("a");
        await StartWithAsync("a");
        await Settled.UntilAsync(() => script.Runs.Count == 1, "the run");

        await abort.CancelAsync();
        await running[^1];

        Assert.That(script.Cancelled, Is.EqualTo(1));
    }

    /// <summary>kube-rs: runner_should_never_run_two_instances_at_once.</summary>
    [Test]
    public async Task Run_RandomWorkOnManyWorkers_NeverRunsAKeyTwiceAtOnceAndSeesEveryChange([Range(1, 25)] int seed)
    {
        var random = new Random(seed);
        var clocks = new ConcurrentDictionary<ObjectKey, int>();
        var seen = new ConcurrentDictionary<ObjectKey, int>();
        script.Body = async (key, ct) =>
        {
            seen[key] = clocks.GetValueOrDefault(key);
            int chance;
            lock (random) chance = random.Next(4);
            if (chance == 0) await Task.Delay(TimeSpan.FromSeconds(3), time, ct);
            if (chance == 1) await Task.Yield();
            if (chance == 2) throw Fault.Unavailable();
            return new Next.AwaitChange();
        };
        Build(ControllerOptions.Default with { Workers = 8 });
        Start();
        for (var step = 0; step < 200; step++)
        {
            int dice;
            lock (random) dice = random.Next(6);
            var key = Widgets.Key($"w{dice}");
            clocks.AddOrUpdate(key, 1, (_, n) => n + 1);
            controller.Queue.Add(key);
            if (dice == 0) time.Advance(TimeSpan.FromSeconds(1));
            if (dice == 1) await Task.Yield();
        }

        await Settled.AdvanceUntilAsync(time, () => clocks.All(c => seen.GetValueOrDefault(c.Key) == c.Value) && script.Now == 0 && controller.Queue.Depth == 0, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "every key to have seen its last change");

        Assert.That(script.MostOfOneKey, Is.EqualTo(1));
    }

    private void Build(ControllerOptions options) =>
        controller = new Controller(script, options, time, () => 0, log).Watches(widgets, OwnerMap.ToSelf());

    private void Start()
    {
        running.Add(widgets.RunAsync(stop.Token));
        running.Add(controller.RunAsync(abort.Token, stop.Token));
    }

    private async Task StartWithAsync(string name)
    {
        await CreateAsync(name);
        Start();
    }

    private Task<Widget> CreateAsync(string name) => api.CreateAsync(Widgets.Kind, Widgets.Named(name), WriteOptions.Default, default);

    private static OwnerReference Owner(string apiVersion, string kind, string name) => new() { ApiVersion = apiVersion, Kind = kind, Name = name, Uid = name };
}
