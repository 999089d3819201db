using Kontena.Standalone.Watches;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone.GarbageCollection;

/// <summary>Follows the log of changes and has the collector visit every object that a change concerns. After a start, and when the log is lost, it visits all candidates.</summary>
internal sealed class CollectorLoop(ObjectStore store, WatchCache cache, GarbageCollector collector, TimeProvider time, ILogger<CollectorLoop> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private bool failed;

    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            var cursor = await VisitAllAsync(ct);
            while (true)
            {
                var position = cursor;
                var changes = cache.After(position, out var more) ?? store.Read(r => r.ChangesAfter(position, WatchCache.Batch));
                if (changes is null || (changes.Count == 0 && !await WaitAsync(more, ct)))
                {
                    cursor = await VisitAllAsync(ct);
                    continue;
                }
                foreach (var change in changes)
                {
                    foreach (var key in ConcernedBy(change)) await VisitAsync(key, ct);
                    cursor = change.Version;
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops; what is left to do is found again after the next start.
        }
    }

    private async Task<long> VisitAllAsync(CancellationToken ct)
    {
        failed = false;
        var (version, candidates) = store.Read(r => (r.Version, r.CollectorCandidates()));
        foreach (var key in candidates) await VisitAsync(key, ct);
        return version;
    }

    /// <summary>False when a failed visit is due again.</summary>
    private async Task<bool> WaitAsync(Task more, CancellationToken ct)
    {
        try
        {
            await more.WaitAsync(failed ? RetryAfter : Timeout.InfiniteTimeSpan, time, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task VisitAsync(ObjectKey key, CancellationToken ct)
    {
        try
        {
            await collector.VisitAsync(key, ct);
        }
        catch (Exception e) when (e is StatusException or SqliteException or IOException)
        {
            failed = true;
            log.LogWarning(e, "Garbage collection of {Resource} {Namespace}/{Name} failed; trying again", key.Resource, key.Namespace, key.Name);
        }
    }

    private IEnumerable<ObjectKey> ConcernedBy(Change change)
    {
        var (obj, previous) = (change.Document, change.PreviousDocument);
        if (change.Kind != ChangeKind.Deleted)
        {
            var ownersChanged = !JsonNode.DeepEquals(Owners(obj), previous is null ? null : Owners(previous));
            if (obj.IsDeleting() || ownersChanged) yield return change.Key;
            if (!ownersChanged) yield break;
        }
        else
        {
            foreach (var dependent in store.Read(r => r.Dependents(obj.Uid()))) yield return dependent;
            // A namespace or a CRD that is being deleted waits for the last of its objects.
            if (change.Key.Namespace.Length > 0) yield return BuiltInResources.Namespace.Key(null, change.Key.Namespace);
            yield return BuiltInResources.CustomResourceDefinition.Key(null, change.Key.Resource);
        }
        foreach (var uid in (previous ?? obj).OwnerReferences().Select(o => o.Text("uid")).OfType<string>())
        {
            if (store.Read(r => r.FindUid(uid)) is { } owner) yield return owner;
        }
    }

    private static JsonNode? Owners(JsonObject obj) => obj["metadata"]?["ownerReferences"];
}
