using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

/// <summary>The test kit's API server keeps the rules that controllers rely on.</summary>
public sealed class MemoryApiTests
{
    private readonly MemoryApi api = new(new ManualTime());

    [Test]
    public async Task Create_NewObject_GetsUidVersionGenerationAndNoStatus()
    {
        var made = await api.CreateAsync(Widgets.Kind, Widgets.Named("a") with { Status = new WidgetStatus { Phase = "Faked" } }, WriteOptions.Default, default);

        Assert.That((made.Metadata.Generation, made.Status, made.Metadata.CreationTimestamp), Is.EqualTo((1L, (WidgetStatus?)null, (DateTimeOffset?)new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))));
        Assert.That((made.Metadata.Uid, made.Metadata.ResourceVersion), Is.Not.EqualTo(((string?)null, (string?)null)));
        Assert.That(ReasonOf(() => CreateAsync("a")), Is.EqualTo(FaultReason.AlreadyExists));
    }

    [Test]
    public async Task Update_StaleVersion_IsAConflict()
    {
        var stale = await CreateAsync("a");
        await api.UpdateAsync(Widgets.Kind, stale with { Spec = new WidgetSpec { Size = 2 } }, WriteOptions.Default, default);

        Assert.That(ReasonOf(() => api.UpdateAsync(Widgets.Kind, stale with { Spec = new WidgetSpec { Size = 3 } }, WriteOptions.Default, default)), Is.EqualTo(FaultReason.Conflict));
    }

    [Test]
    public async Task Update_SpecAndStatus_EachTouchesItsOwnAndOnlySpecRaisesTheGeneration()
    {
        var made = await CreateAsync("a");
        var both = made with { Spec = new WidgetSpec { Size = 9 }, Status = new WidgetStatus { Phase = "Up" } };

        var status = await api.UpdateAsync(Widgets.Kind, both, WriteOptions.Status, default);
        var spec = await api.UpdateAsync(Widgets.Kind, both with { Metadata = status.Metadata, Status = null }, WriteOptions.Default, default);

        Assert.That((status.Spec.Size, status.Status!.Phase, status.Metadata.Generation), Is.EqualTo((1, "Up", 1L)));
        Assert.That((spec.Spec.Size, spec.Status!.Phase, spec.Metadata.Generation), Is.EqualTo((9, "Up", 2L)));
    }

    [Test]
    public async Task Update_NothingChanged_KeepsTheVersion()
    {
        var made = await CreateAsync("a");

        var same = await api.UpdateAsync(Widgets.Kind, made, WriteOptions.Default, default);

        Assert.That(same.Metadata.ResourceVersion, Is.EqualTo(made.Metadata.ResourceVersion));
    }

    [Test]
    public async Task Delete_FinalizersAndPreconditions_AreKept()
    {
        var widget = Widgets.Named("a");
        var made = await api.CreateAsync(Widgets.Kind, widget with { Metadata = widget.Metadata with { Finalizers = ["x.io/y"] } }, WriteOptions.Default, default);
        Assert.That(ReasonOf(() => api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(Uid: "another"), default)), Is.EqualTo(FaultReason.Conflict));
        Assert.That(ReasonOf(() => api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(ResourceVersion: "1"), default)), Is.EqualTo(FaultReason.Conflict));

        var left = await api.DeleteAsync(Widgets.Kind, Widgets.Key("a"), new DeleteQuery(made.Metadata.Uid, made.Metadata.ResourceVersion), default);

        Assert.That((left!.Metadata.IsBeingDeleted, left.Metadata.Generation), Is.EqualTo((true, 2L)));
        Assert.That(ReasonOf(() => Json("""[{"op":"add","path":"/metadata/finalizers/-","value":"late.io/z"}]""")), Is.EqualTo(FaultReason.Invalid));
        await Json("""[{"op":"remove","path":"/metadata/finalizers/0"}]""");
        Assert.That(ReasonOf(() => api.GetAsync(Widgets.Kind, Widgets.Key("a"), default)), Is.EqualTo(FaultReason.NotFound));
    }

    [Test]
    public async Task Patch_MergeWithVersion_IsAPrecondition()
    {
        var made = await CreateAsync("a");
        Task<Widget> Merge(string version) => api.PatchAsync(Widgets.Kind, Widgets.Key("a"), Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version, ["labels"] = new JsonObject { ["x"] = "y" } } }), WriteOptions.Default, default);

        Assert.That(ReasonOf(() => Merge("1")), Is.EqualTo(FaultReason.Conflict));
        Assert.That((await Merge(made.Metadata.ResourceVersion!)).Metadata.Labels!["x"], Is.EqualTo("y"));
    }

    [Test]
    public async Task Patch_JsonTestFails_ChangesNothing()
    {
        await CreateAsync("a");

        Assert.That(ReasonOf(() => Json("""[{"op":"replace","path":"/spec/size","value":7},{"op":"test","path":"/metadata/name","value":"b"}]""")), Is.EqualTo(FaultReason.Invalid));
        Assert.That(api.Peek(Widgets.Kind, Widgets.Key("a"))!.Spec.Size, Is.EqualTo(1));
    }

    [Test]
    public async Task Patch_ApplyOfAnAbsentObject_CreatesIt()
    {
        var made = await api.PatchAsync(Widgets.Kind, Widgets.Key("a"), Patch.Apply(new JsonObject { ["spec"] = new JsonObject { ["size"] = 4 } }, force: true), WriteOptions.Default, default);

        Assert.That((made.Metadata.Name, made.Spec.Size), Is.EqualTo(("a", 4)));
    }

    [Test]
    public async Task Update_ImmutableSecret_IsRefused()
    {
        var secret = await api.CreateAsync(CoreKinds.Secret, new Secret { Metadata = new ObjectMeta { Namespace = "shop", Name = "s" }, Immutable = true, Data = new Dictionary<string, byte[]> { ["k"] = [1] } }, WriteOptions.Default, default);

        Assert.That(ReasonOf(() => api.UpdateAsync(CoreKinds.Secret, secret with { Data = new Dictionary<string, byte[]> { ["k"] = [2] } }, WriteOptions.Default, default)), Is.EqualTo(FaultReason.Invalid));
    }

    [Test]
    public async Task List_PagesWhileObjectsChange_AreOneSnapshot()
    {
        for (var n = 0; n < 5; n++) await CreateAsync($"w{n}");
        var first = await api.ListAsync(Widgets.Kind, new ListQuery(Limit: 3), default);
        await api.DeleteAsync(Widgets.Kind, Widgets.Key("w4"), new DeleteQuery(), default);

        var second = await api.ListAsync(Widgets.Kind, new ListQuery(Limit: 3, Continue: first.Metadata.Continue), default);

        Assert.That(second.Items.Select(w => w.Metadata.Name), Is.EqualTo(new[] { "w3", "w4" }));
        Assert.That((second.Metadata.ResourceVersion, second.Metadata.Continue), Is.EqualTo((first.Metadata.ResourceVersion, (string?)null)));
        api.Compact();
        Assert.That(ReasonOf(() => api.ListAsync(Widgets.Kind, new ListQuery(Limit: 3, Continue: first.Metadata.Continue), default)), Is.EqualTo(FaultReason.Expired));
    }

    [Test]
    public async Task LoseAnswer_AWrite_IsCarriedOutAndOfUnknownOutcome()
    {
        api.LoseAnswer(call => call.Verb == ApiVerb.Create);

        var fault = Assert.ThrowsAsync<KubeFault>(async () => await CreateAsync("a"))!;

        Assert.That((fault.OutcomeUnknown, api.Peek(Widgets.Kind, Widgets.Key("a")) is not null), Is.EqualTo((true, true)));
        Assert.That(await CreateAsync("b"), Is.Not.Null, "only once");
    }

    [Test]
    public async Task Refuse_AWrite_IsNotCarriedOut()
    {
        api.Refuse(call => call.Verb == ApiVerb.Create, Fault.Unreachable);

        Assert.That(ReasonOf(() => CreateAsync("a")), Is.EqualTo(FaultReason.Unreachable));
        Assert.That(api.PeekAll(Widgets.Kind), Is.Empty);
        Assert.That(api.Calls.Single().ToString(), Is.EqualTo("Create widgets.test.kontena.io shop/a"));
        await CreateAsync("a");
    }

    [Test]
    public async Task CollectsGarbage_OwnerGone_ItsDependentsGoButSharedOnesStay()
    {
        api.CollectsGarbage = true;
        var (one, two) = (await CreateAsync("one"), await CreateAsync("two"));
        await MapAsync("alone", one);
        await MapAsync("shared", one, two);

        await api.DeleteAsync(Widgets.Kind, Widgets.Key("one"), new DeleteQuery(), default);

        Assert.That(api.PeekAll(CoreKinds.ConfigMap).Select(m => m.Metadata.Name), Is.EqualTo(new[] { "shared" }));
    }

    [Test]
    public async Task Watch_WithALabelSelector_SeesLeavingObjectsAsDeleted()
    {
        await using var watch = await api.WatchAsync(Widgets.Kind, new WatchQuery(api.Version, TimeSpan.FromMinutes(5), LabelSelector: "x=y"), default);
        var labelled = Widgets.Named("a");
        var made = await api.CreateAsync(Widgets.Kind, labelled with { Metadata = labelled.Metadata with { Labels = new Dictionary<string, string> { ["x"] = "y" } } }, WriteOptions.Default, default);
        await CreateAsync("b");
        await api.UpdateAsync(Widgets.Kind, made with { Metadata = made.Metadata with { Labels = null } }, WriteOptions.Default, default);
        api.EndWatches();
        List<string> seen = [];

        await foreach (var line in watch.EventsAsync(default)) seen.Add(line.GetType().Name);

        Assert.That(seen, Is.EqualTo(new[] { "Added", "Deleted" }));
    }

    private Task<Widget> CreateAsync(string name) => api.CreateAsync(Widgets.Kind, Widgets.Named(name), WriteOptions.Default, default);

    private Task<Widget> Json(string operations) => api.PatchAsync(Widgets.Kind, Widgets.Key("a"), Patch.Json((JsonArray)JsonNode.Parse(operations)!), WriteOptions.Default, default);

    private Task<ConfigMap> MapAsync(string name, params Widget[] owners) => api.CreateAsync(CoreKinds.ConfigMap, new ConfigMap
    {
        Metadata = new ObjectMeta
        {
            Namespace = "shop",
            Name = name,
            OwnerReferences = [.. owners.Select(o => new OwnerReference { ApiVersion = "test.kontena.io/v1", Kind = "Widget", Name = o.Metadata.Name!, Uid = o.Metadata.Uid! })],
        },
    }, WriteOptions.Default, default);

    private static FaultReason ReasonOf(Func<Task> call) => Assert.ThrowsAsync<KubeFault>(call)!.Reason;
}
