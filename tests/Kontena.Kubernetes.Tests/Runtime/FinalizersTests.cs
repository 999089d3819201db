using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class FinalizersTests
{
    private const string Ours = "kontena.io/machine";
    private const string Theirs = "other.io/hold";

    private readonly MemoryApi api = new(new ManualTime());

    [TestCase(false, false, FinalizerState.Absent)]
    [TestCase(false, true, FinalizerState.Held)]
    [TestCase(true, true, FinalizerState.CleanUp)]
    [TestCase(true, false, FinalizerState.Released)]
    public void StateOf_TheFourCases(bool deleting, bool held, FinalizerState expected)
    {
        var widget = Widgets.Named("a");
        var metadata = widget.Metadata with { DeletionTimestamp = deleting ? DateTimeOffset.UnixEpoch : null, Finalizers = held ? [Theirs, Ours] : [Theirs] };

        Assert.That(Finalizers.StateOf(widget with { Metadata = metadata }, Ours), Is.EqualTo(expected));
    }

    [Test]
    public async Task Ensure_NoneYet_AddsItOnce()
    {
        var widget = await CreateAsync();
        var held = await Subject.EnsureAsync(Widgets.Kind, widget, Ours, default);
        await Subject.EnsureAsync(Widgets.Kind, held!, Ours, default);

        Assert.That(held!.Metadata.Finalizers, Is.EqualTo(new[] { Ours }));
        Assert.That(api.Calls.Count(call => call.Verb == ApiVerb.Patch), Is.EqualTo(1), "the second call writes nothing");
    }

    [Test]
    public async Task Ensure_ForeignOneAddedMeanwhile_KeepsBoth([Values] bool others)
    {
        var stale = await CreateAsync(others ? ["first.io/x"] : []);
        await Subject.EnsureAsync(Widgets.Kind, stale, Theirs, default);

        var held = await Subject.EnsureAsync(Widgets.Kind, stale, Ours, default);

        Assert.That(held!.Metadata.Finalizers, Is.EqualTo(others ? new[] { "first.io/x", Theirs, Ours } : [Theirs, Ours]));
    }

    [Test]
    public async Task Ensure_OthersRemovedMeanwhile_AddsOurs()
    {
        var stale = await CreateAsync(Theirs);
        await Subject.RemoveAsync(Widgets.Kind, stale, Theirs, default);

        var held = await Subject.EnsureAsync(Widgets.Kind, stale, Ours, default);

        Assert.That(held!.Metadata.Finalizers, Is.EqualTo(new[] { Ours }));
    }

    [Test]
    public async Task Remove_ForeignOnesAround_LeavesThem()
    {
        var stale = await CreateAsync(Ours);
        await Subject.EnsureAsync(Widgets.Kind, stale, Theirs, default);

        var left = await Subject.RemoveAsync(Widgets.Kind, stale, Ours, default);

        Assert.That(left!.Metadata.Finalizers, Is.EqualTo(new[] { Theirs }));
    }

    [Test]
    public async Task Remove_ListReorderedMeanwhile_RemovesOursNotTheOneInItsPlace()
    {
        var stale = await CreateAsync(Ours, Theirs);
        var now = api.Peek(Widgets.Kind, Widgets.Key("a"))!;
        await api.UpdateAsync(Widgets.Kind, now with { Metadata = now.Metadata with { Finalizers = [Theirs, Ours] } }, WriteOptions.Default, default);

        var left = await Subject.RemoveAsync(Widgets.Kind, stale, Ours, default);

        Assert.That(left!.Metadata.Finalizers, Is.EqualTo(new[] { Theirs }));
    }

    [Test]
    public async Task Remove_LastOneOfADeletedObject_IsGone()
    {
        var widget = await CreateAsync(Ours);
        var deleting = await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(), default);

        var left = await Subject.RemoveAsync(Widgets.Kind, deleting!, Ours, default);

        Assert.That((left, api.Peek(Widgets.Kind, Widgets.Key("a"))), Is.EqualTo(((Widget?)null, (Widget?)null)));
        Assert.That(await Subject.RemoveAsync(Widgets.Kind, widget, Ours, default), Is.Null, "again, when it is gone");
    }

    [Test]
    public async Task Remove_AnotherObjectTookTheName_IsLeftAlone()
    {
        var old = await CreateAsync(Ours);
        await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(), default);
        await Subject.RemoveAsync(Widgets.Kind, old, Ours, default);
        await CreateAsync(Ours);

        Assert.That(await Subject.RemoveAsync(Widgets.Kind, old, Ours, default), Is.Null);
        Assert.That(api.Peek(Widgets.Kind, Widgets.Key("a"))!.Metadata.Finalizers, Is.EqualTo(new[] { Ours }));
    }

    [Test]
    public async Task Ensure_ObjectBeingDeleted_AddsNothing()
    {
        await CreateAsync(Theirs);
        var deleting = await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(), default);

        var same = await Subject.EnsureAsync(Widgets.Kind, deleting!, Ours, default);

        Assert.That(same!.Metadata.Finalizers, Is.EqualTo(new[] { Theirs }));
    }

    [Test]
    public async Task Ensure_RefusedForGood_ThrowsAfterAFewTries()
    {
        var widget = await CreateAsync();
        api.Refuse(call => call.Verb == ApiVerb.Patch, () => Fault.Invalid("a webhook says no"), times: 100);

        Assert.That(async () => await Subject.EnsureAsync(Widgets.Kind, widget, Ours, default), Throws.TypeOf<KubeFault>());
        Assert.That(api.Calls.Count(call => call.Verb == ApiVerb.Patch), Is.EqualTo(5));
    }

    private Finalizers Subject => new(api);

    private Task<Widget> CreateAsync(params string[] finalizers)
    {
        var widget = Widgets.Named("a");
        return api.CreateAsync(Widgets.Kind, widget with { Metadata = widget.Metadata with { Finalizers = finalizers.Length == 0 ? null : finalizers } }, WriteOptions.Default, default);
    }
}
