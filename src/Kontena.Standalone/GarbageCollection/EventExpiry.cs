using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone.GarbageCollection;

/// <summary>Forgets Events that nobody has written to for an hour, the default of kube-apiserver's --event-ttl.</summary>
internal sealed class EventExpiry(ObjectStore store, TimeProvider time, ILogger<EventExpiry> log)
{
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private const int EventsPerWrite = 100;

    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do await TryExpireAsync(ct);
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryExpireAsync(CancellationToken ct)
    {
        try { await ExpireAsync(ct); }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            log.LogWarning(e, "Old Events could not be removed; trying again in {Interval}", Interval);
        }
    }

    private async Task ExpireAsync(CancellationToken ct)
    {
        var before = (time.GetUtcNow() - Age).ToUnixTimeSeconds();
        var expired = store.Read(r => r.WrittenBefore(BuiltInResources.Event.GroupResource, before));
        foreach (var batch in expired.Chunk(EventsPerWrite))
        {
            await store.WriteAsync(transaction =>
            {
                foreach (var key in batch)
                {
                    if (transaction.Get(key) is { } obj) transaction.Delete(key, obj);
                }
                return true;
            }, ct);
        }
    }
}
