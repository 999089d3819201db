using System.Text.Json.Nodes;
using Kontena.Standalone.Storage;

namespace Kontena.Standalone.Tests.Storage;

public sealed class GroupCommitTests
{
    private string folder = "";
    private ObjectStore store = null!;

    private string File => Path.Combine(folder, "objects.db");

    [SetUp]
    public void Open()
    {
        folder = Directory.CreateTempSubdirectory("kontena-store-").FullName;
        store = ObjectStore.Open(File, 10_000, TimeProvider.System);
    }

    [TearDown]
    public async Task Close()
    {
        await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Write_NeighboursFailInBetween_OthersShareOneCommit()
    {
        var commits = new List<IReadOnlyList<Change>>();
        store.Committed = commits.Add;
        var writes = await InOneGroupAsync(30, (transaction, i) =>
        {
            var version = Put(transaction, $"o{i}");
            return i % 3 == 0 ? throw new InvalidOperationException($"no {i}") : version;
        });

        for (var i = 0; i < 30; i++)
        {
            var outcome = writes[i];
            if (i % 3 == 0) Assert.That(async () => await outcome, Throws.InvalidOperationException.With.Message.EqualTo($"no {i}"));
            else Assert.That(await outcome, Is.EqualTo(i - (i / 3)), "versions in the order of arrival, without gaps");
        }
        Assert.That(commits.Select(c => c.Count), Is.EqualTo(new[] { 20 }));
        Assert.That(commits[0].Select(c => c.Version), Is.EqualTo(Enumerable.Range(1, 20)));
        Assert.That(Names(store), Is.EquivalentTo(Enumerable.Range(0, 30).Where(i => i % 3 != 0).Select(i => $"o{i}")));
        Assert.That(store.Read(r => (r.Version, r.ChangesAfter(0, log => [.. log])!.Count)), Is.EqualTo((20L, 20)));
        Assert.That(await store.WriteAsync(t => Put(t, "next"), CancellationToken.None), Is.EqualTo(21));
    }

    [Test]
    public async Task Write_FailsInTheDatabase_TakesNothingOfItsNeighbours()
    {
        var writes = await InOneGroupAsync(3, (transaction, i) => Put(transaction, $"o{i}", uid: i < 2 ? "same" : "other"));
        Assert.That(async () => await writes[1], Throws.InstanceOf<Microsoft.Data.Sqlite.SqliteException>().With.Message.Contains("UNIQUE"));
        Assert.That((await writes[0], await writes[2], store.Healthy), Is.EqualTo((1, 2, true)));
        Assert.That(Names(store), Is.EqualTo(new[] { "o0", "o2" }));
    }

    [Test]
    public async Task Write_AfterANeighbour_SeesItWhileReadersDoNot()
    {
        var seen = new List<(bool ByWriter, int ByReaders)>();
        var told = new List<int>();
        store.Committed = changes => told.Add(changes.Count);
        var writes = await InOneGroupAsync(2, (transaction, i) =>
        {
            if (i == 1) seen.Add((transaction.Get(Key("o0")) is not null, Names(store).Count + told.Count));
            return Put(transaction, $"o{i}");
        });
        await Task.WhenAll(writes);
        Assert.That(seen, Is.EqualTo(new[] { (true, 0) }));
        Assert.That((Names(store).Count, told.Single()), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Write_RefusedBecauseOfANeighbour_IsToldAfterTheCommit()
    {
        var committed = false;
        store.Committed = _ => committed = true;
        var writes = await InOneGroupAsync(2, (transaction, _) =>
            transaction.Get(Key("same")) is null ? Put(transaction, "same") : throw new InvalidOperationException("exists"));
        Assert.That(async () => await writes[1], Throws.InvalidOperationException);
        Assert.That((committed, await writes[0]), Is.EqualTo((true, 1)));
    }

    [Test]
    public async Task Write_CancelledWhileItWaits_NeverRuns()
    {
        using var cancel = new CancellationTokenSource();
        var (busy, release) = await KeepBusyAsync();
        var ran = false;
        var second = store.WriteAsync(t => ran = Put(t, "second") > 0, cancel.Token);
        await cancel.CancelAsync();
        await Task.WhenAny(second, busy);
        Assert.That((second.IsCanceled, busy.IsCompleted), Is.EqualTo((true, false)), "at once, though the writer is busy");
        release();
        await busy;
        await store.WriteAsync(t => Put(t, "third"), CancellationToken.None);
        Assert.That(ran, Is.False);
        Assert.That(Names(store), Is.EqualTo(new[] { "third" }));
    }

    [Test]
    public async Task Dispose_WithWritesWaiting_CarriesThemOut()
    {
        var (_, release) = await KeepBusyAsync();
        var writes = Enumerable.Range(0, 10).Select(i => store.WriteAsync(t => Put(t, $"o{i}"), CancellationToken.None)).ToArray();
        var closing = store.DisposeAsync();
        release();
        await closing;
        Assert.That(await Task.WhenAll(writes), Is.EqualTo(Enumerable.Range(1, 10)));
        Assert.That(async () => await store.WriteAsync(t => 0, CancellationToken.None), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Kill_AnywhereInAGroup_LosesNoAnsweredWriteAndKeepsNoOther()
    {
        // The files are copied by the writing thread itself, in the middle of a group: what a kill at that moment leaves.
        var answered = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var kills = new List<(string Copy, string[] Answered, string[] Begun)>();
        var begun = new List<string>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                var name = $"c{client}-{i}";
                var fails = (client + i) % 7 == 0;
                var write = store.WriteAsync(transaction =>
                {
                    var version = Put(transaction, name);
                    if (begun.Count % 53 == 0) kills.Add((Copy(), [.. answered.Keys], [.. begun]));
                    if (fails) throw new InvalidOperationException(name);
                    begun.Add(name);
                    return version;
                }, CancellationToken.None);
                if (fails) Assert.That(async () => await write, Throws.InvalidOperationException);
                else Assert.That(answered.TryAdd(name, await write), Is.True);
            }
        })));

        Assert.That(answered.Values.Order(), Is.EqualTo(Enumerable.Range(1, answered.Count)), "each version once, none left out");
        Assert.That(kills, Has.Count.GreaterThan(5));
        foreach (var (copy, before, tried) in kills)
        {
            await using var survivor = ObjectStore.Open(Path.Combine(copy, "objects.db"), 10_000, TimeProvider.System);
            var names = Names(survivor);
            Assert.That(before, Is.SubsetOf(names));
            Assert.That(names, Is.EqualTo(tried.Take(names.Count).Order(StringComparer.Ordinal)), "whole groups, in the order of their versions");
            Assert.That(survivor.Read(r => r.Version), Is.EqualTo(names.Count));
        }
    }

    /// <summary>Starts these writes while the writer is kept busy, so that all of them wait when it becomes free; returns after the last has ended.</summary>
    private async Task<Task<int>[]> InOneGroupAsync(int count, Func<StoreTransaction, int, int> work)
    {
        var (busy, release) = await KeepBusyAsync();
        var writes = Enumerable.Range(0, count).Select(i => store.WriteAsync(t => work(t, i), CancellationToken.None)).ToArray();
        release();
        await busy;
        await Task.WhenAll(writes.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        return writes;
    }

    /// <summary>Returns when the writer is at work on a group of one, which ends with <c>Release</c> (or after ten seconds, so that a failed test ends).</summary>
    private async Task<(Task<bool> Busy, Action Release)> KeepBusyAsync()
    {
        var (hold, begun) = (new ManualResetEventSlim(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var busy = store.WriteAsync(
            _ =>
            {
                begun.SetResult();
                return hold.Wait(TimeSpan.FromSeconds(10));
            },
            CancellationToken.None);
        await begun.Task;
        return (busy, hold.Set);
    }

    private string Copy()
    {
        var copy = Directory.CreateDirectory(Path.Combine(folder, $"copy-{Guid.NewGuid()}")).FullName;
        foreach (var file in new[] { "objects.db", "objects.db-wal" }) System.IO.File.Copy(Path.Combine(folder, file), Path.Combine(copy, file));
        return copy;
    }

    private static ObjectKey Key(string name) => new("widgets.example.test", "default", name);

    private static int Put(StoreTransaction transaction, string name, string? uid = null)
    {
        transaction.Put(Key(name), new JsonObject { ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = uid ?? Guid.NewGuid().ToString() } });
        return (int)transaction.Version;
    }

    private static List<string> Names(ObjectStore store) =>
        [.. store.Read(r => r.List(new ListQuery("widgets.example.test"))!.Items).Select(i => i.Key.Name)];
}
