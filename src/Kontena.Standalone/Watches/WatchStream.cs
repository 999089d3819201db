using Kontena.Standalone.Faults;
using Kontena.Standalone.Requests;
using Kontena.Standalone.Storage;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Watches;

/// <summary>One watch, from its start until its time is over, the client goes, or the server stops.</summary>
internal sealed class WatchStream(ObjectStore store, WatchCache cache, TimeProvider time)
{
    private const int ChangesPerRead = 256;
    private const int InitialPage = 500;

    // As kube-apiserver: a bookmark a minute keeps an idle watcher's version within the log.
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    // As kube-apiserver too: the last one comes shortly before the end, so that the next watch begins where this one was.
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    // A client that reads nothing for this long is gone; its connection would hold buffers for ever.
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);

    /// <exception cref="StatusException">Before anything is sent: the version lies in the future, or is too old.</exception>
    public async Task RunAsync(HttpResponse response, ListParameters parameters, Func<HttpResponse, WatchFrames> frames, CancellationToken ct)
    {
        var start = Start(parameters);
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
            if (start.SendInitial) await SendInitialAsync(response, parameters, start.Version, writer, limit.Token);
            await FollowAsync(response, parameters, start.Version, end, writer, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The end of every watch: the response completes, and the client goes on from the last version it saw.
        }
    }

    private (long Version, bool SendInitial) Start(ListParameters parameters) => store.Read(reader =>
    {
        var (current, compacted) = (reader.Version, reader.Compacted);
        var asked = parameters.ResourceVersion ?? 0;
        if (asked > current) throw Fault.VersionInFuture(asked, current);
        if (parameters.SendInitialEvents is { } wanted) return wanted || asked == 0 ? (current, wanted) : From(asked);
        return asked == 0 ? (current, true) : From(asked);

        (long, bool) From(long version) => version >= compacted ? (version, false) : throw Fault.Expired(version, compacted);
    });

    private async Task SendInitialAsync(HttpResponse response, ListParameters parameters, long version, WatchFrames frames, CancellationToken ct)
    {
        ObjectKey? after = null;
        while (true)
        {
            var query = new ListQuery(parameters.Selector.Resource, parameters.Selector.Namespace, version, after, InitialPage) { Filter = parameters.Selector.Filter };
            var page = store.Read(reader => reader.List(query));
            if (page is null)
            {
                frames.WriteError(Fault.Expired(version, store.Read(r => r.Compacted)).ToStatus());
                break;
            }
            foreach (var item in page.Items) frames.Write("ADDED", item.Json);
            await FlushAsync(response, ct);
            if (!page.More) break;
            after = page.Items[^1].Key;
        }
        if (parameters.SendInitialEvents == true && parameters.Bookmarks)
        {
            frames.WriteBookmark(version, endOfInitialEvents: true);
            await FlushAsync(response, ct);
        }
    }

    private async Task FollowAsync(HttpResponse response, ListParameters parameters, long start, DateTimeOffset end, WatchFrames frames, CancellationToken ct)
    {
        var cursor = start;
        var nextBookmark = NextBookmark(end);
        while (true)
        {
            var position = cursor;
            var changes = cache.After(position, out var more) ?? store.Read(reader => reader.ChangesAfter(position, ChangesPerRead));
            if (changes is null)
            {
                frames.WriteError(Fault.Expired(cursor, store.Read(r => r.Compacted)).ToStatus());
                await FlushAsync(response, ct);
                return;
            }
            var sent = false;
            foreach (var change in changes)
            {
                cursor = change.Version;
                if (WatchFrames.Interpret(change, parameters.Selector) is not { } frame) continue;
                frames.Write(frame.Type, frame.Json);
                sent = true;
            }
            if (parameters.Bookmarks && time.GetUtcNow() >= nextBookmark)
            {
                frames.WriteBookmark(cursor, endOfInitialEvents: false);
                nextBookmark = NextBookmark(end);
                sent = true;
            }
            if (sent) await FlushAsync(response, ct);
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

    private async Task FlushAsync(HttpResponse response, CancellationToken ct)
    {
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
