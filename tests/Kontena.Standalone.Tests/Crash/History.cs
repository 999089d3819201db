using Kontena.Standalone.Json;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>Compares what the watchers saw over all lives with what the writers know to have happened.</summary>
internal sealed class History(VersionLedger ledger, IReadOnlyList<CrashWriter> writers, IReadOnlyList<Follower> followers)
{
    public void Check()
    {
        var events = followers[0].Events;
        foreach (var follower in followers.Skip(1))
            Assert.That(follower.Events.Select(e => e.Line), Is.EqualTo(events.Select(e => e.Line)), "every watcher sees the same changes in the same order");
        CheckWrites([.. events.Where(e => e.Type != "DELETED" && e.Object.Name() is not (CrashWriter.Shared or "end"))]);
        CheckShared([.. events.Where(e => e.Object.Name() == CrashWriter.Shared)]);
        CheckDeletions(events);
        foreach (var life in events.GroupBy(e => e.Object.Uid())) CheckLife([.. life]);
    }

    /// <summary>Each write that is known to have happened was seen once, with its state; and nothing else was.</summary>
    private void CheckWrites(List<Seen> events)
    {
        var happened = ledger.Acknowledged.Where(a => !IsShared(a.Value)).OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value}");
        Assert.That(events.Select(e => $"{e.Version} {e.Object.ToJsonString()}"), Is.EqualTo(happened), "the watchers saw the writes that happened, each once");
    }

    /// <summary>Each version of the shared object differs from the one before by one mark that its writer sent, and no acknowledged one is missing.</summary>
    private void CheckShared(List<Seen> events)
    {
        var unseen = writers.ToDictionary(w => w.SharedLabel, w => w.SharedDone.ToHashSet());
        var unknown = writers.ToDictionary(w => w.SharedLabel, w => w.SharedUnknown.ToHashSet());
        var before = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var seen in events)
        {
            var now = Labels(seen);
            var (label, mark) = now.Single(l => before.GetValueOrDefault(l.Key) != l.Value);
            Assert.That(unseen[label].Remove(mark) || unknown[label].Remove(mark), Is.True, $"{label} sent {mark} once");
            Assert.That(before.Keys, Is.SubsetOf(now.Keys), "no mark is lost");
            before = now;
        }
        Assert.That(unseen.SelectMany(w => w.Value.Select(mark => $"{w.Key} {mark}")), Is.Empty, "acknowledged marks on the shared object that no watcher saw");
    }

    private void CheckDeletions(IEnumerable<Seen> events) => Assert.That(
        events.Where(e => e.Type == "DELETED").Select(e => e.Object.Uid()),
        Is.EquivalentTo(writers.SelectMany(w => w.Gone)), "each deletion that happened was seen once");

    private static void CheckLife(List<Seen> life)
    {
        var types = life.Select(e => e.Type).ToList();
        if (life[0].Object.Name() != CrashWriter.Shared) Assert.That(types[0], Is.EqualTo("ADDED"), life[0].Line);
        Assert.That(types.Skip(1), Has.None.EqualTo("ADDED"), life[0].Line);
        Assert.That(types.SkipLast(1), Has.None.EqualTo("DELETED"), life[0].Line);
    }

    private static Dictionary<string, int> Labels(Seen seen) => (seen.Object["metadata"]!["labels"]?.AsObject() ?? [])
        .ToDictionary(l => l.Key, l => int.Parse(l.Value.Text()!, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static bool IsShared(string state) => state.Contains($"\"name\":\"{CrashWriter.Shared}\"", StringComparison.Ordinal);
}
