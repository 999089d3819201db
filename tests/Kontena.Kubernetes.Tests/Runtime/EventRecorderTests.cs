using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class EventRecorderTests
{
    private readonly ManualTime time = new();
    private readonly LogLines log = new();
    private MemoryApi api = null!;
    private EventRecorder recorder = null!;

    [SetUp]
    public void SetUp()
    {
        api = new MemoryApi(time);
        recorder = Build(EventRecorderOptions.Default);
    }

    [Test]
    public async Task Record_FirstTime_CreatesAnEventThatSaysAll()
    {
        recorder.Record(Widgets.Kind, At(1), EventType.Warning, "NoCapacity", "No t3.small left in eu-west-1a.");
        await FlushAsync();

        var written = api.PeekAll(CoreKinds.Event).Single();
        Assert.That(written.Metadata.Name, Does.Match("^a\\.[0-9a-f]{16}$"));
        Assert.That((written.Metadata.Namespace, written.Type, written.Reason, written.Message, written.Count), Is.EqualTo(("shop", "Warning", "NoCapacity", "No t3.small left in eu-west-1a.", (int?)1)));
        Assert.That((written.ReportingController, written.Source!.Component, written.FirstTimestamp), Is.EqualTo(("kontena-operator", "kontena-operator", (DateTimeOffset?)time.GetUtcNow())));
        Assert.That((written.InvolvedObject!.ApiVersion, written.InvolvedObject.Kind, written.InvolvedObject.Uid), Is.EqualTo(("test.kontena.io/v1", "Widget", "uid-a")));
    }

    [Test]
    public async Task Record_SameAboutAnUnchangedObject_IsWrittenOnce()
    {
        for (var n = 0; n < 50; n++) recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await FlushAsync();

        Assert.That(api.Writes.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Record_SameAboutAChangedObject_IsCountedInTheSameEvent()
    {
        for (var version = 1; version <= 3; version++) recorder.Record(Widgets.Kind, At(version), EventType.Normal, "Created", "One.");
        await FlushAsync();

        Assert.That(api.PeekAll(CoreKinds.Event).Single().Count, Is.EqualTo(3));
    }

    [Test]
    public async Task Record_ByARestartedOperator_CountsOnInTheEventThatIsThere()
    {
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await FlushAsync();
        recorder = Build(EventRecorderOptions.Default);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await FlushAsync();

        Assert.That(api.PeekAll(CoreKinds.Event).Single().Count, Is.EqualTo(2));
    }

    [Test]
    public async Task Record_ServerForgotTheEvent_WritesANewOne()
    {
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await Settled.UntilAsync(() => api.PeekAll(CoreKinds.Event).Count == 1, "the event");
        await api.DeleteAsync(CoreKinds.Event, api.PeekAll(CoreKinds.Event)[0].Metadata.Key, new DeleteQuery(), default);

        recorder.Record(Widgets.Kind, At(2), EventType.Normal, "Created", "One.");
        await stop.CancelAsync();
        await run;

        Assert.That(api.PeekAll(CoreKinds.Event).Single().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Record_FloodAboutOneObject_EndsAfterTheBurstAndDoesNotTouchOthers()
    {
        for (var n = 0; n < 100; n++) recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Flood", $"Number {n}.");
        recorder.Record(Widgets.Kind, At(1, "b"), EventType.Normal, "Calm", "One.");
        await FlushAsync();

        Assert.That(api.PeekAll(CoreKinds.Event).GroupBy(e => e.InvolvedObject!.Name!).Select(g => (g.Key, g.Count())), Is.EquivalentTo(new[] { ("a", 25), ("b", 1) }));
    }

    [Test]
    public void Gate_AfterABurst_LetsOneThroughPerRefill()
    {
        var gate = new EventGate(EventRecorderOptions.Default, time);
        int Said(int from) => Enumerable.Range(from, 100).Count(n => gate.Judge(new Happening(new ObjectReference { Uid = "u" }, EventType.Normal, "R", $"{n}")) == EventVerdict.Say);

        var first = Said(0);
        time.Advance(TimeSpan.FromMinutes(5));
        var second = Said(100);
        time.Advance(TimeSpan.FromMinutes(15));

        Assert.That((first, second, Said(200)), Is.EqualTo((25, 1, 3)));
    }

    [Test]
    public async Task Record_ApiAwayForAMoment_IsWrittenLater()
    {
        api.Refuse(call => call.Verb == ApiVerb.Create, () => Fault.Unavailable(), times: 2);
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");

        await Settled.AdvanceUntilAsync(time, () => api.PeekAll(CoreKinds.Event).Count == 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "the event");

        await stop.CancelAsync();
        await run;
    }

    [Test]
    public async Task Record_AnswerLost_CountsOnce()
    {
        api.LoseAnswer(call => call.Verb == ApiVerb.Create);
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");

        await Settled.AdvanceUntilAsync(time, () => api.Calls.Count(c => c.Verb == ApiVerb.Create) == 2, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), "the second try");
        await stop.CancelAsync();
        await run;

        Assert.That(api.PeekAll(CoreKinds.Event).Single().Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Record_Refused_DisturbsNobody()
    {
        api.Refuse(call => call.Verb == ApiVerb.Create, () => Fault.Forbidden("events is forbidden"), times: 5);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await FlushAsync();
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Late", "After the stop.");

        Assert.That(log.AboveDebug, Is.Empty);
    }

    [Test]
    public async Task Stop_CallHangs_EndsAfterTheGrace()
    {
        api.Hold(call => call.Verb == ApiVerb.Create);
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Created", "One.");
        await Settled.UntilAsync(() => api.Calls.Count == 1, "the call");
        await stop.CancelAsync();
        Assert.That(run.IsCompleted, Is.False);

        time.Advance(TimeSpan.FromSeconds(2));

        await run;
    }

    [Test]
    public async Task Record_LongMessage_IsCutButNotInsideACharacter()
    {
        recorder.Record(Widgets.Kind, At(1), EventType.Normal, "Long", new string('x', 1022) + "😀 and more");
        await FlushAsync();

        Assert.That(api.PeekAll(CoreKinds.Event).Single().Message, Is.EqualTo(new string('x', 1022) + "…"));
    }

    [Test]
    public void RecentlyUsed_MoreThanItHolds_ForgetsTheOldest()
    {
        var memory = new RecentlyUsed<string, int>(2);
        memory.Set("a", 1);
        memory.Set("b", 2);
        memory.TryGet("a", out _);
        memory.Set("c", 3);

        Assert.That((memory.TryGet("a", out _), memory.TryGet("b", out _), memory.Count), Is.EqualTo((true, false, 2)));
    }

    private EventRecorder Build(EventRecorderOptions options) => new(api, options, time, () => 0, log);

    /// <summary>Runs the recorder over what was recorded, to its end.</summary>
    private Task FlushAsync() => recorder.RunAsync(new CancellationToken(canceled: true));

    private static Widget At(int version, string name = "a") =>
        Widgets.Named(name) with { Metadata = new ObjectMeta { Namespace = "shop", Name = name, Uid = $"uid-{name}", ResourceVersion = $"{version}" } };
}
