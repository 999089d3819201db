using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Watches;

/// <summary>One watch, from its start until its time is over, the client goes, or the server stops.</summary>
internal sealed class WatchStream(ObjectStore store, WatchCache cache, TimeProvider time)
{
    // What one watch may hold in memory while its client does not read: a page of the objects at its start, and what is not yet flushed.
    private const long InitialBytes = 256 << 10;
    private const long UnflushedBytes = 64 << 10;

    // As kube-apiserver: a bookmark a minute keeps an idle watcher's version within the log.
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    // As kube-apiserver too: the last one comes shortly before the end, so that the next watch begins where this one was.
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    // A client that reads nothing for this long is gone; its connection would hold buffers for ever.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);

    /// <exception cref="StatusException">Before anything is sent: the version lies in the future.</exception>
    public async Task RunAsync(HttpResponse response, ListParameters parameters, Func<HttpResponse, WatchFrames> frames, CancellationToken ct)
    {
        var (start, expired) = Start(parameters);
        var lifetime = parameters.Timeout ?? TimeSpan.FromMinutes(Random.Shared.Next(30, 60));
        var end = time.GetUtcNow() + lifetime;
        using var deadline = new CancellationTokenSource(lifetime, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        response.ContentType = "application/json";
        await response.StartAsync(limit.Token);
        // StartAsync alone sends nothing over HTTP/2, and kubectl wait hangs until it sees the headers.
        await response.Body.FlushAsync(limit.Token);
        var writer = frames(response);
        try
        {
            if (expired is not null) await EndAsync(response, writer, expired, limit.Token);
            else if (!start.SendInitial || await SendInitialAsync(response, parameters, start.Version, writer, limit.Token)) await FollowAsync(response, parameters, start.Version, end, writer, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The end of every watch: the response completes, and the client goes on from the last version it saw.
        }
    }

    /// <summary>Where to begin. A version that is too old is said in the stream, as kube-apiserver does: the watch itself is well.</summary>
    private ((long Version, bool SendInitial) Start, StatusException? Expired) Start(ListParameters parameters) => store.Read(reader =>
    {
        var (current, compacted) = (reader.Version, reader.Compacted);
        var asked = parameters.ResourceVersion ?? 0;
        if (asked > current) throw Fault.VersionInFuture(asked, current);
        var initial = parameters.SendInitialEvents ?? asked == 0;
        if (initial || asked == 0) return ((current, initial), (StatusException?)null);
        return ((asked, false), asked >= compacted ? null : Fault.Expired(asked, compacted));
    });

    private async Task EndAsync(HttpResponse response, WatchFrames frames, StatusException fault, CancellationToken ct)
    {
        frames.WriteError(fault.ToStatus());
        await FlushAsync(response, frames, ct);
    }

    /// <returns>False when the state that it began with was forgotten meanwhile: the client has been told, and the watch is over.</returns>
    private async Task<bool> SendInitialAsync(HttpResponse response, ListParameters parameters, long version, WatchFrames frames, CancellationToken ct)
    {
        ObjectKey? after = null;
        while (true)
        {
            var query = new ListQuery(parameters.Selector.Resource, parameters.Selector.Namespace, version, after) { Filter = parameters.Selector.Filter, Bytes = InitialBytes };
            var page = store.Read(reader => reader.List(query));
            if (page is null)
            {
                await EndAsync(response, frames, Fault.Expired(version, store.Read(r => r.Compacted)), ct);
                return false;
            }
            foreach (var item in page.Items)
            {
                frames.Write("ADDED", item.Json);
                if (frames.Unflushed > UnflushedBytes) await FlushAsync(response, frames, ct);
            }
            await FlushAsync(response, frames, ct);
            if (!page.More) break;
            after = page.Items[^1].Key;
        }
        if (parameters.SendInitialEvents == true && parameters.Bookmarks)
        {
            frames.WriteBookmark(version, endOfInitialEvents: true);
            await FlushAsync(response, frames, ct);
        }
        return true;
    }

    private async Task FollowAsync(HttpResponse response, ListParameters parameters, long start, DateTimeOffset end, WatchFrames frames, CancellationToken ct)
    {
        var cursor = start;
        var nextBookmark = NextBookmark(end);
        while (true)
        {
            var position = cursor;
            var changes = cache.After(position, out var more) ?? store.Read(reader => reader.ChangesAfter(position, WatchCache.Batch));
            if (changes is null)
            {
                await EndAsync(response, frames, Fault.Expired(cursor, store.Read(r => r.Compacted)), ct);
                return;
            }
            foreach (var change in changes)
            {
                cursor = change.Version;
                if (WatchFrames.Interpret(change, parameters.Selector) is not { } frame) continue;
                frames.Write(frame.Type, frame.Json);
                if (frames.Unflushed > UnflushedBytes) await FlushAsync(response, frames, ct);
            }
            if (parameters.Bookmarks && time.GetUtcNow() >= nextBookmark)
            {
                frames.WriteBookmark(cursor, endOfInitialEvents: false);
                nextBookmark = NextBookmark(end);
            }
            if (frames.Unflushed > 0) await FlushAsync(response, frames, ct);
            if (changes.Count == 0) await WaitAsync(more, parameters.Bookmarks ? nextBookmark - time.GetUtcNow() : Timeout.InfiniteTimeSpan, ct);
        }
    }

    private DateTimeOffset NextBookmark(DateTimeOffset end)
    {
        var (now, last) = (time.GetUtcNow(), end - LastBookmark);
        var regular = now + BookmarkInterval;
        return last > now && last < regular ? last : regular;
    }

    private async Task WaitAsync(Task more, TimeSpan atMost, CancellationToken ct)
    {
        if (atMost != Timeout.InfiniteTimeSpan && atMost <= TimeSpan.Zero) return;
        try { await more.WaitAsync(atMost, time, ct); }
        catch (TimeoutException)
        {
            // A bookmark is due.
        }
    }

    private async Task FlushAsync(HttpResponse response, WatchFrames frames, CancellationToken ct)
    {
        frames.Unflushed = 0;
        var flush = response.BodyWriter.FlushAsync(ct).AsTask();
        try
        {
            await flush.WaitAsync(WriteLimit, time, ct);
        }
        catch (TimeoutException)
        {
            response.HttpContext.Abort();
            throw new OperationCanceledException("The client of a watch has stopped reading.");
        }
    }
}
