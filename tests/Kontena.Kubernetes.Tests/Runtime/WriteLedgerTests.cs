using System.Diagnostics.Metrics;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class WriteLedgerTests
{
    private readonly ManualTime time = new();
    private readonly Store<Widget> store = new();
    private WriteLedger ledger = null!;

    [SetUp]
    public void SetUp()
    {
        ledger = new WriteLedger(time);
        store.Replace([], "10", time.GetTimestamp());
    }

    [Test]
    public void Check_WriteNotYetSeen_IsBehindUntilTheStoreHasIt()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "12"));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind));
        store.Put(At("z", "11"));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind));

        store.Put(At("a", "12"));

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Check_BookmarkPastTheWrite_IsCaughtUp()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "9999999999"));
        store.Reach("10000000000");

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Check_OtherOwner_IsNotHeldUp()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "12"));

        Assert.That(ledger.Check("other", Widgets.Kind, store), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Record_OlderAnswerLast_KeepsTheNewest()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "12"));
        ledger.Record("owner", Widgets.Kind, At("b", "11"));
        store.Put(At("b", "11"));

        Assert.That(Check(), Is.EqualTo(Freshness.Behind));
    }

    [TestCase("abc")]
    [TestCase("")]
    public void Check_VersionsThatCannotBeCompared_NeverBlock(string version)
    {
        ledger.Record("owner", Widgets.Kind, At("a", version));

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Check_BehindFor5Seconds_IsOverdue()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "12"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind), "counted from the first look");
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind));

        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.That(Check(), Is.EqualTo(Freshness.Overdue));
    }

    [Test]
    public void Check_RestoredServerCountsFromLower_AListBegunAfterTheWriteClearsIt()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "5000"));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind));
        time.Advance(TimeSpan.FromSeconds(1));

        store.Replace([], "700", time.GetTimestamp());

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Check_ListBegunBeforeTheWriteWasAnswered_DoesNotClearIt()
    {
        var began = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(1));
        ledger.Record("owner", Widgets.Kind, At("a", "12"));

        store.Replace([], "11", began);

        Assert.That(Check(), Is.EqualTo(Freshness.Behind));
    }

    [Test]
    public void Check_DeletionWithoutAnObjectInItsAnswer_IsBehindUntilThatObjectIsGone()
    {
        store.Put(At("a", "11"));
        ledger.RecordGone("owner", Widgets.Kind, At("a", "11"));
        ledger.Record("owner", Widgets.Kind, At("b", "11"));
        Assert.That(Check(), Is.EqualTo(Freshness.Behind));

        store.Remove(At("a", "12"));

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public void Forget_OwnerIsGone_NothingIsKept()
    {
        ledger.Record("owner", Widgets.Kind, At("a", "12"));
        ledger.Forget("owner");

        Assert.That(Check(), Is.EqualTo(Freshness.CaughtUp));
    }

    [Test]
    public async Task WaitAsync_LaggingCache_WaitsThenListsUncachedAndGoesOn()
    {
        var api = new MemoryApi(time);
        var informer = new Informer<Widget>(api, Widgets.Kind, new Store<Widget>(), InformerOptions.Default, time, () => 0, new LogLines());
        using var stop = new CancellationTokenSource();
        var run = informer.RunAsync(stop.Token);
        await informer.WaitForSyncAsync(default);
        api.HoldWatches();
        var skips = 0;
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Name == "stale_cache_skips") l.EnableMeasurementEvents(i); } };
        // Tests run side by side: only what this flow of calls counts.
        var flow = new AsyncLocal<bool> { Value = true };
        listener.SetMeasurementEventCallback<long>((_, n, _, _) => { if (flow.Value) skips += (int)n; });
        listener.Start();
        ledger.Record("owner", Widgets.Kind, await api.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default));

        var first = await ledger.WaitAsync("owner", Widgets.Kind, informer, default);
        time.Advance(TimeSpan.FromSeconds(5));
        var second = await ledger.WaitAsync("owner", Widgets.Kind, informer, default);

        Assert.That((first, second, skips), Is.EqualTo(((Next?)new Next.After(TimeSpan.FromMilliseconds(100)), (Next?)null, 1)));
        Assert.That(informer.Store.Find(Widgets.Key("a")), Is.Not.Null);
        await stop.CancelAsync();
        await run;
    }

    private Freshness Check() => ledger.Check("owner", Widgets.Kind, store);

    private static Widget At(string name, string version) =>
        Widgets.Named(name) with { Metadata = new ObjectMeta { Namespace = "shop", Name = name, Uid = name, ResourceVersion = version } };
}
