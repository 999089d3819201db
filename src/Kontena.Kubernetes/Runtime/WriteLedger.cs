using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Remembers, per owner UID and kind of its children, the newest resourceVersion that we wrote, so that no reconcile plans
/// from a cache that has not seen our own last write (KEP-5647; CAPI#13649 made three MachineSets for one). In memory:
/// it says nothing about writes before a restart. Thread-safe.
/// </summary>
/// <param name="time">The clock of the informers: their list times are compared with ours.</param>
public sealed class WriteLedger(TimeProvider time)
{
    private static readonly TimeSpan OverdueAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<(string OwnerUid, string Kind), Entry> entries = [];

    /// <summary>Notes a write's answer: of a create, an update, a patch, and of a delete that left something.</summary>
    public void Record<T>(string ownerUid, ResourceKind<T> kind, T written) where T : class, IResource
    {
        if (written.Metadata.ResourceVersion is not { } version) return;
        var entry = new Entry(version, time.GetTimestamp(), null);
        entries.AddOrUpdate((ownerUid, kind.ToString()), entry, (_, old) => ResourceVersions.Compare(version, old.Version) < 0 ? old with { WrittenAt = entry.WrittenAt } : entry with { Gone = old.Gone });
    }

    /// <summary>Notes a delete whose answer held no object: known to be in the store once that object is gone from it.</summary>
    public void RecordGone<T>(string ownerUid, ResourceKind<T> kind, T deleted) where T : class, IResource
    {
        var entry = new Entry("", time.GetTimestamp(), null) { Gone = [(deleted.Metadata.Key, deleted.Metadata.Uid)] };
        entries.AddOrUpdate((ownerUid, kind.ToString()), entry, (_, old) => old with { WrittenAt = entry.WrittenAt, Gone = [.. old.Gone, .. entry.Gone] });
    }

    /// <summary>Whether a store has seen what we wrote for this owner. Versions that cannot be compared never block.</summary>
    public Freshness Check<T>(string ownerUid, ResourceKind<T> kind, Store<T> store) where T : class, IResource
    {
        var slot = (ownerUid, kind.ToString());
        if (!entries.TryGetValue(slot, out var entry)) return Freshness.CaughtUp;
        if (IsIn(entry, store))
        {
            // Only this very entry: a write that was noted meanwhile stays.
            entries.TryRemove(new(slot, entry));
            return Freshness.CaughtUp;
        }
        if (entry.BehindSince is { } since) return time.GetElapsedTime(since) >= OverdueAfter ? Freshness.Overdue : Freshness.Behind;
        entries.TryUpdate(slot, entry with { BehindSince = time.GetTimestamp() }, entry);
        return Freshness.Behind;
    }

    /// <summary>The owner is gone: so is what we wrote for it.</summary>
    public void Forget(string ownerUid)
    {
        foreach (var slot in entries.Keys.Where(slot => slot.OwnerUid == ownerUid)) entries.TryRemove(slot, out _);
    }

    /// <summary>
    /// To be asked before planning from a cache: null means go on; otherwise the wait to return from the reconcile. Where the
    /// store has been behind for 5 seconds it lists uncached and goes on from that.
    /// </summary>
    public async Task<Next?> WaitAsync<T>(string ownerUid, ResourceKind<T> kind, Informer<T> informer, CancellationToken ct) where T : class, IResource
    {
        var freshness = Check(ownerUid, kind, informer.Store);
        if (freshness == Freshness.CaughtUp) return null;
        if (freshness == Freshness.Overdue)
        {
            await informer.RelistAsync(ct);
            if (Check(ownerUid, kind, informer.Store) == Freshness.CaughtUp) return null;
        }
        RuntimeMetrics.StaleCacheSkips.Add(1, RuntimeMetrics.Tag("kind", kind.ToString()));
        return new Next.After(LookAgain);
    }

    private static bool IsIn<T>(Entry entry, Store<T> store) where T : class, IResource
    {
        var version = store.Version;
        // A list that began after the write was answered holds it, whatever its number: a restored etcd counts from lower ones.
        if (version.ListBegan > entry.WrittenAt) return true;
        if (entry.Version.Length > 0 && ResourceVersions.Compare(version.ResourceVersion, entry.Version) < 0) return false;
        return entry.Gone.All(gone => store.Find(gone.Key) is not { } left || left.Metadata.Uid != gone.Uid);
    }

    /// <param name="Version">Newest written; empty where only deletions are noted.</param>
    /// <param name="BehindSince">When a check first found the store behind.</param>
    private sealed record Entry(string Version, long WrittenAt, long? BehindSince)
    {
        public IReadOnlyList<(ObjectKey Key, string? Uid)> Gone { get; init; } = [];
    }
}
