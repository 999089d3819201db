using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Microsoft.Extensions.Logging;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class InformerTests
{
    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private readonly Store<Widget> store = new();
    private readonly List<string> told = [];
    private readonly CancellationTokenSource stop = new();
    private MemoryApi api = null!;
    private Informer<Widget> informer = null!;
    private Task run = Task.CompletedTask;

    [SetUp]
    public void SetUp()
    {
        api = new MemoryApi(time);
        informer = Build(InformerOptions.Default);
    }

    [TearDown]
    public async Task TearDown()
    {
        await stop.CancelAsync();
        await run;
        stop.Dispose();
        Assert.That(api.OpenWatches, Is.Zero, "a stopped informer leaves no watch open");
    }

    [Test]
    public async Task Run_ObjectsThereAndObjectsComing_AreInTheStore()
    {
        await CreateAsync("a");
        await StartAsync();
        Assert.That(informer.HasSynced, Is.True);
        await CreateAsync("b");
        await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(), default);

        await Settled.UntilAsync(() => told.Count == 3, "three changes");

        Assert.That(told, Is.EqualTo(new[] { "+a", "+b", "-a" }));
        Assert.That(store.Version.ResourceVersion, Is.EqualTo(api.Version));
    }

    [Test]
    public async Task Run_ListOfSeveralPages_NeverTellsAnObjectOfALaterPageAsDeleted()
    {
        for (var n = 0; n < 7; n++) await CreateAsync($"w{n}");
        informer = Build(InformerOptions.Default with { PageSize = 3 });
        await StartAsync();

        await informer.RelistAsync(default);
        await CreateOtherKindAsync();
        api.Compact();
        await AdvanceUntilAsync(() => Lists >= 9);
        await AdvanceToWatchingAsync();

        Assert.That(store.Count, Is.EqualTo(7));
        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 7).Select(n => $"+w{n}")));
    }

    [Test]
    public async Task Run_PageFailsInTheMiddle_NothingOfThatListIsBelieved()
    {
        for (var n = 0; n < 6; n++) await CreateAsync($"w{n}");
        informer = Build(InformerOptions.Default with { PageSize = 2 });
        await StartAsync();
        var pages = 0;
        api.Refuse(call => call.Verb == ApiVerb.List && ++pages == 3, () => Fault.Unavailable());

        Assert.That(async () => await informer.RelistAsync(default), Throws.TypeOf<KubeFault>());
        await AdvanceToWatchingAsync();

        Assert.That(told, Is.EqualTo(Enumerable.Range(0, 6).Select(n => $"+w{n}")));
    }

    [Test]
    public async Task Run_WatchBreaks_ResumesFromTheLastVersionWithoutAList()
    {
        await StartAsync();
        await CreateAsync("a");
        await Settled.UntilAsync(() => told.Count == 1, "the event");
        api.EndWatches(new KubeFault(FaultReason.Unreachable, "reset"));
        await CreateAsync("b");

        await Settled.AdvanceUntilAsync(time, () => told.Count == 2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), "the event after the gap");

        Assert.That((told[1], Lists), Is.EqualTo(("+b", 1)));
        Assert.That(log.AboveDebug, Is.Empty, "a broken connection is daily life");
    }

    [Test]
    public async Task Run_BookmarkThenCompaction_NeedsNoNewList()
    {
        await StartAsync();
        await CreateOtherKindAsync();
        api.SendBookmarks();
        await Settled.UntilAsync(() => store.Version.ResourceVersion == api.Version, "the bookmark");
        api.Compact();
        api.EndWatches();
        await AdvanceUntilAsync(() => Watches == 2);
        await AdvanceToWatchingAsync();

        Assert.That(Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_HistoryCompactedWhileAway_DeletesOfTheGapAreToldAsDeletes([Values] bool asFrame)
    {
        await CreateAsync("a");
        await CreateAsync("b");
        await StartAsync();
        api.HoldWatches();
        await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(), default);
        await CreateAsync("c");
        if (!asFrame) api.EndWatches();
        api.Compact();
        api.ReleaseWatches();

        await AdvanceUntilAsync(() => told.Count == 4);

        Assert.That(told, Is.EqualTo(new[] { "+a", "+b", "-a", "+c" }));
    }

    [Test]
    public async Task Run_ServerBackWithoutItsPastAfterALongTrouble_ListsAtOnce()
    {
        await CreateAsync("a");
        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        api.Refuse(call => call.Verb is ApiVerb.List or ApiVerb.Watch, Fault.Unreachable, times: 6);
        api.EndWatches();
        await AdvanceUntilAsync(() => Lists == 1 + 5);
        await Settled.UntilAsync(() => informer.State == InformerState.BackingOff && time.WaitingTimers > 0, "the wait for the server");
        await CreateOtherKindAsync();
        api.Compact();

        time.Advance(TimeSpan.FromSeconds(30));

        await Settled.UntilAsync(() => informer.State == InformerState.Watching, "the list, without another wait");
        Assert.That((Lists, Watches), Is.EqualTo((1 + 5 + 1, 2)), "the first refusal was of the question where the server is");
    }

    [Test]
    public async Task Run_ServersDataWasPutBack_ListsAgainInsteadOfWaitingForItsNumbersToGrow()
    {
        await CreateAsync("a");
        await StartAsync();
        var ahead = new KubeStatus { Code = 504, Reason = "Timeout", Details = new StatusDetails { Causes = [new StatusCause("ResourceVersionTooLarge", "Too large resource version", null)] } };
        api.Refuse(call => call.Verb == ApiVerb.Watch, () => new KubeFault(FaultReason.ServerError, "504: Too large resource version: 51, current: 34", ahead));
        api.EndWatches();

        await AdvanceUntilAsync(() => Lists == 2);
        await AdvanceToWatchingAsync();

        Assert.That(log.AboveDebug, Is.Empty, "a restore is no trouble of the watch");
    }

    /// <summary>Others have written so much since that the numbers are past ours again: only what was written last is missing.</summary>
    [Test]
    public async Task Run_ServersDataWasPutBackAndCountsOnPastOurs_ListsAgain()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        await StartAsync();
        api.Refuse(call => call.Verb == ApiVerb.Get, () => new KubeFault(FaultReason.NotFound, "404: not found", new KubeStatus { Code = 404, Reason = "NotFound" }));
        var before = Lists;

        api.EndWatches();
        await AdvanceUntilAsync(() => Lists == before + 1);
        await AdvanceToWatchingAsync();

        Assert.That(api.Calls.Where(c => c.Verb == ApiVerb.Get).Select(c => c.Key.Name), Is.EqualTo(new[] { "b" }), "the newest is asked for");
    }

    /// <summary>As kube-apiserver behaves after its etcd was put back: a watch from a version to come is granted, and tells nothing.</summary>
    [Test]
    public async Task Run_ServersDataWasPutBack_AndItWatchesFromTheFutureInSilence_ListsAgain()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var earlier = new MemoryApi(time);
        await earlier.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default);
        var served = new SwitchedApi(api);
        informer = new Informer<Widget>(served, Widgets.Kind, store, InformerOptions.Default, time, () => 0, log);
        await StartAsync();
        served.Inner = earlier;

        api.EndWatches();
        await AdvanceUntilAsync(() => store.All.Select(w => w.Metadata.Name).SequenceEqual(["a"]));
        await earlier.CreateAsync(Widgets.Kind, Widgets.Named("c"), WriteOptions.Default, default);
        await AdvanceUntilAsync(() => store.Find(Widgets.Key("c")) is not null);

        Assert.That(told, Has.Member("-b"), "what is no more is told as deleted");
        Assert.That(log.AboveDebug.Single(), Does.StartWith("The API server's data was put back"));
    }

    /// <summary>Its data may have been put back, and its numbers may have grown past ours since.</summary>
    [Test]
    public async Task Run_ServerWasAway_ListsAgain()
    {
        await StartAsync();
        api.ClearCalls();
        api.Refuse(call => call.Verb == ApiVerb.Watch, Fault.Unreachable);

        api.EndWatches();
        await AdvanceUntilAsync(() => Watches == 2);

        Assert.That(api.Calls.Select(c => (c.Verb, c.Limit)), Is.EqualTo(new (ApiVerb, int?)[] { (ApiVerb.List, 1), (ApiVerb.Watch, null), (ApiVerb.List, 500), (ApiVerb.Watch, null) }));
    }

    /// <summary>After several the wait is long enough to miss that the server was away, and put back, meanwhile.</summary>
    [Test]
    public async Task Run_WatchBreaksAgainAndAgain_ListsAgainAfterALongWait()
    {
        await StartAsync();
        for (var broken = 1; broken <= 3; broken++)
        {
            api.EndWatches(new KubeFault(FaultReason.Unreachable, "reset"));
            await AdvanceUntilAsync(() => Watches == broken + 1);
            await AdvanceToWatchingAsync();
        }

        Assert.That(Lists, Is.EqualTo(2), "after waits of 0.8 s and 1.6 s it goes on, after 3.2 s it lists");
    }

    [Test]
    public async Task Run_ServerWasBusy_GoesOnWithoutAList()
    {
        await StartAsync();
        api.Refuse(call => call.Verb == ApiVerb.Watch, () => Fault.Throttled(TimeSpan.FromSeconds(1)));

        api.EndWatches();
        await AdvanceUntilAsync(() => Watches == 3);

        Assert.That(Lists, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_WatchFallsSilent_IsDroppedALittleAfterItsTime()
    {
        await StartAsync();
        api.SilenceWatches();
        await CreateAsync("a");
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(told, Is.Empty);

        await Settled.AdvanceUntilAsync(time, () => told.Count == 1, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), "the event over another watch");
    }

    [Test]
    public async Task Run_WatchRunsOut_ReconnectsAtOnceAndQuietly()
    {
        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(5));

        await Settled.UntilAsync(() => Watches == 2, "a second watch without a wait");

        Assert.That(log.AboveDebug, Is.Empty);
    }

    [Test]
    public async Task Run_Forbidden_SaysSoOnceAndGoesOnTrying()
    {
        api.Refuse(call => call.Verb == ApiVerb.List, () => Fault.Forbidden("widgets is forbidden"), times: 6);
        run = informer.RunAsync(stop.Token);
        await Settled.AdvanceUntilAsync(time, () => informer.HasSynced, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), "sync");
        await WatchingAsync();

        Assert.That(log.At(LogLevel.Warning), Is.EqualTo(new[] { "Cannot list widgets.test.kontena.io: 403: widgets is forbidden. Trying again" }));
        Assert.That(log.At(LogLevel.Information), Is.EqualTo(new[] { "The watch of widgets.test.kontena.io works again" }));
    }

    [Test]
    public async Task Run_TroubleChanges_SaysTheNewOneToo()
    {
        api.Refuse(call => call.Verb == ApiVerb.List, () => Fault.Forbidden("no"), times: 2);
        api.Refuse(call => call.Verb == ApiVerb.List, Fault.Unauthorized, times: 2);
        run = informer.RunAsync(stop.Token);
        await Settled.AdvanceUntilAsync(time, () => informer.HasSynced, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), "sync");

        Assert.That(log.At(LogLevel.Warning), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Run_ServerAsksForTime_IsLeftAloneThatLong()
    {
        api.Refuse(call => call.Verb == ApiVerb.List, () => Fault.Throttled(TimeSpan.FromSeconds(20)));
        run = informer.RunAsync(stop.Token);
        await Settled.UntilAsync(() => informer.State == InformerState.BackingOff && time.WaitingTimers > 0, "the wait");
        time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.That(Lists, Is.EqualTo(1));

        time.Advance(TimeSpan.FromSeconds(0.1));
        await Settled.UntilAsync(() => Lists == 2, "the second list");
    }

    [Test]
    public async Task Run_ListHangs_IsGivenUpAtItsDeadline()
    {
        var held = api.Hold(call => call.Verb == ApiVerb.List);
        run = informer.RunAsync(stop.Token);
        await Settled.UntilAsync(() => held.Waiting == 1, "the list");

        await Settled.AdvanceUntilAsync(time, () => held.Waiting == 2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(70), "another try");
        held.Release();
        await WatchingAsync();
    }

    [Test]
    public async Task Relist_CacheLagsBehind_StoreHoldsWhatTheServerHas()
    {
        await StartAsync();
        api.HoldWatches();
        await CreateAsync("a");
        var before = store.Version.ListBegan!.Value; // it has listed
        time.Advance(TimeSpan.FromSeconds(1));

        await informer.RelistAsync(default);

        Assert.That(store.Find(Widgets.Key("a")), Is.Not.Null);
        Assert.That(store.Version.ListBegan, Is.GreaterThan(before));
    }

    [Test]
    public async Task Relist_ListAlreadyUnderWay_IsServedByALaterOne()
    {
        await StartAsync();
        var held = api.Hold(call => call.Verb == ApiVerb.List);
        var first = informer.RelistAsync(default);
        await Settled.UntilAsync(() => held.Waiting == 1, "the first list");
        var second = informer.RelistAsync(default);
        held.Release();

        await Task.WhenAll(first, second);

        Assert.That(Lists, Is.EqualTo(3), "the initial one, the first, the second");
    }

    [Test]
    public async Task Relist_AskedWhileTheWatchOpens_DoesNotWaitForTheWatchToEnd()
    {
        var held = api.Hold(call => call.Verb == ApiVerb.Watch);
        run = informer.RunAsync(stop.Token);
        await Settled.UntilAsync(() => held.Waiting == 1, "the watch");
        var relist = informer.RelistAsync(default);
        held.Release();

        await Settled.UntilAsync(() => relist.IsCompleted, "the list, without time moving");

        Assert.That(Lists, Is.EqualTo(2));
    }

    [Test]
    public async Task Run_HealthyForAWhileAfterTrouble_BacksOffFromTheStart()
    {
        api.Refuse(call => call.Verb == ApiVerb.List, () => Fault.Unavailable(), times: 8);
        run = informer.RunAsync(stop.Token);
        await AdvanceToWatchingAsync();
        time.Advance(TimeSpan.FromMinutes(2));
        api.EndWatches(new KubeFault(FaultReason.Unreachable, "reset"));
        await Settled.UntilAsync(() => informer.State == InformerState.BackingOff && time.WaitingTimers > 0, "the wait");

        time.Advance(TimeSpan.FromSeconds(0.8));

        await Settled.UntilAsync(() => Watches == 2, "the second watch");
    }

    [TestCase(0.0, 5)]
    [TestCase(0.5, 7.5)]
    [TestCase(0.999999, 9.99)]
    public async Task Run_WatchTime_IsARandomOneOf5To10Minutes(double chance, double minutes)
    {
        informer = Build(InformerOptions.Default, chance);
        await StartAsync();
        time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        Assert.That((Watches, api.OpenWatches), Is.EqualTo((1, 1)));

        time.Advance(TimeSpan.FromSeconds(2));

        await Settled.UntilAsync(() => Watches == 2, "the next watch");
    }

    [Test]
    public async Task Run_ResyncAsked_TellsOfEveryObjectAgain()
    {
        informer = Build(InformerOptions.Default with { ResyncEvery = TimeSpan.FromMinutes(1) });
        await CreateAsync("a");
        await StartAsync();

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.That(told, Is.EqualTo(new[] { "+a", "=a", "=a" }));
    }

    [Test]
    public async Task Run_OneNamespace_SeesNoOther()
    {
        informer = Build(InformerOptions.Default with { Namespace = "elsewhere" });
        await CreateAsync("a");
        await StartAsync();
        await CreateAsync("b");
        var widget = Widgets.Named("mine");
        await api.CreateAsync(Widgets.Kind, widget with { Metadata = widget.Metadata with { Namespace = "elsewhere" } }, WriteOptions.Default, default);

        await Settled.UntilAsync(() => told.Count == 1, "its own object");

        Assert.That(told, Is.EqualTo(new[] { "+mine" }));
    }

    /// <summary>Whatever breaks in between: in the end store and server agree, and the changes told add up to the store.</summary>
    [Test]
    public async Task Run_RandomChangesAndBreaks_StoreEqualsTheServer([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        informer = Build(InformerOptions.Default with { PageSize = 3 });
        var known = new HashSet<string>();
        using var subscription = store.Subscribe(change =>
        {
            if (change is StoreChange<Widget>.Added a) Assert.That(known.Add(a.Resource.Metadata.Uid!), Is.True);
            if (change is StoreChange<Widget>.Removed r) Assert.That(known.Remove(r.Last.Metadata.Uid!), Is.True);
        });
        run = informer.RunAsync(stop.Token);
        for (var step = 0; step < 60; step++)
        {
            var key = Widgets.Key($"w{random.Next(8)}");
            var there = api.Peek(Widgets.Kind, key);
            switch (random.Next(10))
            {
                case 0 or 1 or 2 when there is null:
                    await CreateAsync(key.Name);
                    break;
                case 0 or 1 when there is not null:
                    await api.DeleteAsync(Widgets.Kind, key, new DeleteQuery(), default);
                    break;
                case 2 when there is not null:
                    await api.UpdateAsync(Widgets.Kind, there with { Spec = new WidgetSpec { Size = step + 2 } }, WriteOptions.Default, default);
                    break;
                case 3:
                    api.EndWatches(random.Next(2) == 0 ? null : new KubeFault(FaultReason.Unreachable, "reset"));
                    break;
                case 4:
                    api.Compact();
                    break;
                case 5:
                    api.Refuse(call => call.Verb is ApiVerb.List or ApiVerb.Watch, () => Fault.Unavailable());
                    break;
                case 6:
                    api.HoldWatches();
                    break;
                case 7:
                    api.ReleaseWatches();
                    break;
                default:
                    time.Advance(TimeSpan.FromSeconds(random.Next(30)));
                    await Task.Yield();
                    break;
            }
        }
        api.ReleaseWatches();
        bool Agree() => store.All.Select(w => (w.Metadata.Key, w.Metadata.ResourceVersion)).ToHashSet()
            .SetEquals(api.PeekAll(Widgets.Kind).Select(w => (w.Metadata.Key, w.Metadata.ResourceVersion)));

        await AdvanceUntilAsync(() => informer.HasSynced && Agree());

        Assert.That(known, Is.EquivalentTo(store.All.Select(w => w.Metadata.Uid)));
    }

    /// <summary>Those that read everything; not the question where the server is.</summary>
    private int Lists => api.Calls.Count(call => call is { Verb: ApiVerb.List, Limit: not 1 });

    private int Watches => api.Calls.Count(call => call.Verb == ApiVerb.Watch);

    private Informer<Widget> Build(InformerOptions options, double chance = 0) => new(api, Widgets.Kind, store, options, time, () => chance, log);

    private async Task StartAsync()
    {
        store.Subscribe(change => told.Add(change switch
        {
            StoreChange<Widget>.Added e => $"+{e.Resource.Metadata.Name}",
            StoreChange<Widget>.Updated e => $"~{e.After.Metadata.Name}",
            StoreChange<Widget>.Removed e => $"-{e.Last.Metadata.Name}",
            StoreChange<Widget>.Present e => $"={e.Resource.Metadata.Name}",
            _ => throw new InvalidOperationException(),
        }));
        run = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(default);
        await WatchingAsync();
    }

    private Task WatchingAsync() => Settled.UntilAsync(() => informer.State == InformerState.Watching, "watching");

    private Task AdvanceToWatchingAsync() => AdvanceUntilAsync(() => informer.State == InformerState.Watching);

    private Task AdvanceUntilAsync(Func<bool> condition) =>
        Settled.AdvanceUntilAsync(time, condition, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(60), "the store to follow");

    /// <summary>Moves the server's version on without an event for us.</summary>
    private Task<ConfigMap> CreateOtherKindAsync() =>
        api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap { Metadata = new() { Namespace = "shop", Name = "other" } }, WriteOptions.Default, default);

    private Task<Widget> CreateAsync(string name) => api.CreateAsync(Widgets.Kind, Widgets.Named(name), WriteOptions.Default, default);
}
