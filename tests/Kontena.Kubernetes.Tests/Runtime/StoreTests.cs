using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Widget = Kontena.Kubernetes.Resources.Resource<Kontena.Kubernetes.Tests.Runtime.WidgetSpec, Kontena.Kubernetes.Tests.Runtime.WidgetStatus>;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class StoreTests
{
    private readonly Store<Widget> store = new(StoreIndex.ByOwnerUid<Widget>());
    private readonly List<string> told = [];

    [Test]
    public void Replace_ObjectsMissingFromTheList_AreToldAsRemoved()
    {
        store.Replace([At("a", 1), At("b", 2)], "10", 0);
        Listen();

        store.Replace([At("b", 3), At("c", 4)], "11", 1);

        Assert.That(told, Is.EqualTo(new[] { "present a", "present b", "removed a", "updated b 2>3", "added c" }));
        Assert.That(store.Version, Is.EqualTo(new StoreVersion("11", 1)));
    }

    [Test]
    public void Replace_SameNameOtherUid_IsARemovalAndAnAddition()
    {
        store.Replace([At("a", 1, uid: "old")], "10", 0);
        Listen();

        store.Replace([At("a", 5, uid: "new")], "11", 1);

        Assert.That(told, Is.EqualTo(new[] { "present a", "removed a", "added a" }));
    }

    [Test]
    public void Put_VersionAlreadySeen_TellsNobody()
    {
        store.Put(At("a", 1));
        Listen();

        store.Put(At("a", 1));

        Assert.That(told, Is.EqualTo(new[] { "present a" }));
    }

    [Test]
    public void ByIndex_OwnerChangesAndObjectsGo_FollowsBoth()
    {
        store.Put(Owned("a", 1, "u1"));
        store.Put(Owned("b", 2, "u1"));
        store.Put(Owned("a", 3, "u2"));
        Assert.That(Names("u1"), Is.EqualTo(new[] { "b" }));
        Assert.That(Names("u2"), Is.EqualTo(new[] { "a" }));

        store.Remove(Owned("a", 4, "u2"));

        Assert.That(Names("u2"), Is.Empty);
    }

    [Test]
    public void ByIndex_UnknownName_IsAMistakeNotAnEmptyResult() =>
        Assert.That(() => store.ByIndex("color", "red"), Throws.ArgumentException);

    [Test]
    public void Subscriber_ReadingTheStore_FindsItsChangeInIt()
    {
        List<bool> found = [];
        using var subscription = store.Subscribe(change => found.Add(change is StoreChange<Widget>.Added added && store.Find(added.Resource.Metadata.Key) == added.Resource));

        store.Put(At("a", 1));

        Assert.That(found, Is.EqualTo(new[] { true }));
    }

    [Test]
    public void Dispose_OfASubscription_EndsIt()
    {
        Listen().Dispose();
        store.Put(At("a", 1));

        Assert.That(told, Is.Empty);
    }

    [Test]
    public void Reads_WhileTheWriterReplaces_AreWholeSnapshots()
    {
        var even = Enumerable.Range(0, 100).Select(n => Owned($"w{n}", 1, "even")).ToList();
        var odd = Enumerable.Range(0, 101).Select(n => Owned($"w{n}", 2, "odd")).ToList();
        store.Replace(even, "1", 0);
        using var stop = new CancellationTokenSource();
        var sizes = new HashSet<int>();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                sizes.Add(store.ByIndex("ownerUid", "even").Count);
                sizes.Add(store.ByIndex("ownerUid", "odd").Count);
            }
        });

        for (var round = 0; round < 50; round++) store.Replace(round % 2 == 0 ? odd : even, "2", 0);
        stop.Cancel();
        reader.GetAwaiter().GetResult();

        Assert.That(sizes, Is.SubsetOf(new[] { 0, 100, 101 }));
    }

    private IDisposable Listen() => store.Subscribe(change => told.Add(change switch
    {
        StoreChange<Widget>.Added e => $"added {e.Resource.Metadata.Name}",
        StoreChange<Widget>.Updated e => $"updated {e.After.Metadata.Name} {e.Before.Metadata.ResourceVersion}>{e.After.Metadata.ResourceVersion}",
        StoreChange<Widget>.Removed e => $"removed {e.Last.Metadata.Name}",
        StoreChange<Widget>.Present e => $"present {e.Resource.Metadata.Name}",
        _ => throw new InvalidOperationException(),
    }));

    private IEnumerable<string?> Names(string owner) => store.ByIndex(StoreIndex.OwnerUid, owner).Select(w => w.Metadata.Name);

    private static Widget At(string name, int version, string? uid = null) =>
        Widgets.Named(name) with { Metadata = new ObjectMeta { Namespace = "shop", Name = name, Uid = uid ?? name, ResourceVersion = $"{version}" } };

    private static Widget Owned(string name, int version, string owner)
    {
        var widget = At(name, version);
        return widget with { Metadata = widget.Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "Pool", Name = "p", Uid = owner }] } };
    }
}
