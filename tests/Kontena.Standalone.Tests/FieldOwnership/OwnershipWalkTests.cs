using System.Text.Json.Nodes;
using Kontena.Standalone.Faults;
using Kontena.Standalone.FieldOwnership;
using Kontena.Standalone.Json;
using Kontena.Standalone.Resources;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.FieldOwnership;

/// <summary>Three managers apply and write random widgets over each other; what must hold after every step, whatever the steps.</summary>
public sealed class OwnershipWalkTests
{
    private const int Steps = 30;

    private static readonly ResourceDefinition Widget = CustomResources.Read(Widgets.Crd()).Single(r => r.Version == "v1alpha1");

    private JsonObject? live;
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;

    private FieldManagers Managers => FieldManagers.Of(live);

    private FieldSet Present => ObjectFieldSets.Whole(live, Widget.Schema);

    [Test]
    public void Walk_AnyStep_KeepsThePromises([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var widgets = new RandomWidgets(random);
        live = null;
        for (var step = 0; step < Steps; step++)
        {
            now += TimeSpan.FromSeconds(1);
            var manager = ((string[])["alice", "bob", "carol"])[random.Next(3)];
            if (live is not null && random.Next(3) == 0) Update(widgets.Next(), manager);
            else Apply(widgets.Next(), manager, force: random.Next(2) == 0);
            CheckManagers();
        }
    }

    private void Update(JsonObject updated, string manager)
    {
        var before = live!.Copy();
        var managers = Own().AfterUpdate(Managers, live, updated, manager);
        var changes = ObjectFieldSets.Between(WithoutManagers(before), WithoutManagers(updated), Widget.Schema);
        managers.WriteTo(updated, live);
        live = updated;
        // What changed has one owner, and what did not keeps its owners.
        foreach (var other in Managers.Entries.Where(m => m.Id != Id(manager, applies: false)))
            Assert.That(other.Fields.Intersect(changes.Written).Paths(), Is.Empty, $"{other.Id} still owns what {manager} wrote");
        foreach (var other in FieldManagers.Of(before).Entries)
            Assert.That(other.Fields.Except(changes.Written).Except(changes.Removed).Except(Managers[other.Id]?.Fields ?? FieldSet.Empty).Paths(), Is.Empty, $"{other.Id} lost what nobody touched");
    }

    private void Apply(JsonObject config, string manager, bool force)
    {
        var (before, id) = (live?.Copy(), Id(manager, applies: true));
        var others = Managers.Entries.Where(m => m.Id != id).ToList();
        var last = Managers[id]?.Fields ?? FieldSet.Empty;
        JsonObject merged;
        FieldManagers managers;
        try
        {
            (merged, managers) = Own().Apply(live, config, manager, force);
        }
        catch (StatusException e) when (e.Code == 409 && !force)
        {
            Assert.That(others.SelectMany(m => m.Fields.Paths()), Is.SupersetOf(e.Details!["causes"]!.AsArray().Select(c => c!["field"].Text()).Distinct()));
            Assert.That(JsonNode.DeepEquals(before, live), Is.True, "a refused apply changed the object");
            Apply(config, manager, force: true);
            return;
        }
        managers.WriteTo(merged, live);
        live = merged;
        CheckApplied(config, id, last, others, before);
        var again = Own().Apply(live, config, manager, force: false);
        again.Managers.WriteTo(again.Merged, live);
        Assert.That(JsonText.SerializeToString(again.Merged), Is.EqualTo(JsonText.SerializeToString(live)), "the second apply changed something");
    }

    private void CheckApplied(JsonObject config, FieldManagerId id, FieldSet last, List<FieldManager> others, JsonObject? before)
    {
        Assert.That(JsonNode.DeepEquals(ObjectMerge.Merge(live, config, Widget.Schema), live), Is.True, "the object does not say what was applied");
        var mentioned = ObjectFieldSets.Mentioned(config, Widget.Schema);
        Assert.That(mentioned.Except(Managers[id]?.Fields ?? FieldSet.Empty).Paths().Where(p => p is not (".apiVersion" or ".kind" or ".metadata.name")), Is.Empty, "what was applied is not owned");
        var owned = others.Aggregate(FieldSet.Empty, (all, m) => all.Union(m.Fields));
        // A field that still holds something of others stays, be it nobody's.
        var left = Leaves(last.Except(mentioned).Except(owned)).Where(p => Leaves(Present).Contains(p) && !Leaves(mentioned).Contains(p));
        Assert.That(left, Is.Empty, "given up by its only owner, and still there");
        if (before is null) return;
        var lost = ObjectFieldSets.Between(WithoutManagers(before), WithoutManagers(live!), Widget.Schema).Removed.Intersect(owned);
        // A map goes with the last field in it, an item of a map list with the last owner of the item itself; and what the configuration replaces
        // by something of another form takes along what was in it.
        var values = Leaves(ObjectFieldSets.Whole(before, Widget.Schema));
        var orphans = (lost["f:spec"]?["f:ports"]?.Below ?? []).Where(b => owned["f:spec"]?["f:ports"]?[b.Key] is not { Self: true }).Select(b => $"/f:spec/f:ports/{b.Key}/").ToList();
        Assert.That(Leaves(lost).Where(path => values.Contains(path) && !path.StartsWith("/f:spec/f:extra", StringComparison.Ordinal) && !orphans.Any(path.StartsWith)), Is.Empty,
            "a field of another manager is gone");
    }

    private void CheckManagers()
    {
        foreach (var manager in Managers.Entries)
        {
            Assert.That(manager.Fields.Except(Present).Paths(), Is.Empty, $"{manager.Id} owns what is not there");
            Assert.That(JsonNode.DeepEquals(FieldManager.Read(manager.ToJson()).ToJson(), manager.ToJson()), Is.True, "an entry is another one when it is read again");
        }
        Assert.That(Managers.Entries.Select(m => m.Id), Is.Unique);
    }

    private Ownership Own() => new(Widget, "", now);

    private static FieldManagerId Id(string manager, bool applies) => new(manager, applies, Widget.ApiVersion, "");

    private static HashSet<string> Leaves(FieldSet set, string prefix = "") =>
        [.. set.Below.SelectMany(b => b.Value.HasBelow ? Leaves(b.Value, $"{prefix}/{b.Key}") : [$"{prefix}/{b.Key}"])];

    private static JsonObject WithoutManagers(JsonObject obj)
    {
        var copy = obj.Copy();
        copy.Metadata().Remove("managedFields");
        return copy;
    }
}
