using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Keeps a <see cref="Store{T}"/> equal to the API server: a paged list, then a watch from the list's version. A broken
/// watch resumes from the last version seen; 410, or a server that was away, lists again, and what the new list lacks is told as deleted. One step
/// function moves between the states of <see cref="InformerState"/>.
/// </summary>
public sealed class Informer<T>(
    IKubeApi api,
    ResourceKind<T> kind,
    Store<T> store,
    InformerOptions options,
    TimeProvider time,
    Func<double> random,
    ILogger log) : IInformer where T : class, IResource
{
    /// <summary>A watch that ends sooner and without an event was never one: some proxies close at once.</summary>
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    /// <summary>No control plane is stopped, put back to an earlier copy and started again in less: whoever looks later may have missed all of it.</summary>
    private static readonly TimeSpan OutageBefore = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RelistRequests relists = new();
    private readonly PutBackCheck<T> putBack = new(api, kind, store, options, time, log);
    private readonly ProblemLog problems = new(log);
    private readonly KeyValuePair<string, object?> kindTag = RuntimeMetrics.Tag("kind", kind.ToString());
    private volatile InformerState state = InformerState.Empty;
    private int failures;
    private long listedAt;
    private bool watchedBefore;

    public string Name { get; } = kind.ToString();

    public InformerState State => state;

    public Store<T> Store => store;

    public bool HasSynced => synced.Task.IsCompletedSuccessfully;

    public Task WaitForSyncAsync(CancellationToken ct) => synced.Task.WaitAsync(ct);

    public Task RelistAsync(CancellationToken ct) => relists.Ask().WaitAsync(ct);

    public async Task RunAsync(CancellationToken ct)
    {
        await using var resync = options.ResyncEvery is { } every ? time.CreateTimer(_ => store.Resync(), null, every, every) : null;
        Position<T> position = new Position<T>.Empty();
        try
        {
            while (!ct.IsCancellationRequested) position = await StepAsync(position, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
        finally
        {
            relists.End();
            if (position is Position<T>.Listing listing) listing.Requests.Cancel();
            if (position is Position<T>.Watching watching) await watching.Watch.DisposeAsync();
        }
    }

    private async Task<Position<T>> StepAsync(Position<T> position, CancellationToken ct)
    {
        state = position.State;
        switch (position)
        {
            case Position<T>.Empty:
                return new Position<T>.Listing([], null, time.GetTimestamp(), relists.Take());
            case Position<T>.Listing listing:
                return await ReadPageAsync(listing, ct);
            case Position<T>.Listed when relists.Any:
                return new Position<T>.Empty();
            case Position<T>.Listed { IsOld: true } listed:
                return await CompareAsync(listed, ct);
            case Position<T>.Listed listed:
                return await OpenWatchAsync(listed, ct);
            case Position<T>.Watching watching:
                return await ReadWatchAsync(watching, ct);
            case Position<T>.BackingOff waiting:
                await Task.Delay(waiting.Wait, time, ct);
                return waiting.Then;
            default:
                throw new InvalidOperationException($"Unknown position {position}.");
        }
    }

    private async Task<Position<T>> ReadPageAsync(Position<T>.Listing listing, CancellationToken ct)
    {
        ResourceList<T> page;
        try
        {
            var query = new ListQuery(options.Namespace, options.LabelSelector, options.FieldSelector, options.PageSize, listing.Continue);
            page = await CallDeadline.RunAsync(time, options.CallTimeout, $"listing {Name}", token => api.ListAsync(kind, query, token), ct);
        }
        catch (KubeFault fault)
        {
            RuntimeMetrics.Lists.Add(1, kindTag, RuntimeMetrics.Tag("outcome", fault.Reason));
            listing.Requests.Fail(fault);
            return Fail("list", fault, new Position<T>.Empty());
        }
        listing.Read.AddRange(page.Items);
        if (!string.IsNullOrEmpty(page.Metadata.Continue)) return listing with { Continue = page.Metadata.Continue };

        // Only a complete list may say what is gone: a page does not know the objects of later pages.
        store.Replace(listing.Read, page.Metadata.ResourceVersion, listing.Began);
        RuntimeMetrics.Lists.Add(1, kindTag, RuntimeMetrics.Tag("outcome", "Ok"));
        listedAt = time.GetTimestamp();
        listing.Requests.Complete();
        synced.TrySetResult();
        return new Position<T>.Listed(page.Metadata.ResourceVersion ?? "");
    }

    private async Task<Position<T>> CompareAsync(Position<T>.Listed listed, CancellationToken ct)
    {
        try
        {
            return await putBack.IsAsItWasAsync(listed.Version, ct) ? listed with { IsOld = false } : new Position<T>.Empty();
        }
        catch (KubeFault fault)
        {
            return Fail("list", fault, AfterOutage(listed, fault));
        }
    }

    /// <summary>
    /// While a server was away its data may have been put back, and its numbers may have grown past ours again by the time it answers: only a list
    /// tells what is true then. One that is merely busy is spared that.
    /// </summary>
    private static Position<T> AfterOutage(Position<T>.Listed listed, KubeFault fault) =>
        fault.Reason == FaultReason.TooManyRequests ? listed with { IsOld = true } : new Position<T>.Empty();

    private async Task<Position<T>> OpenWatchAsync(Position<T>.Listed listed, CancellationToken ct)
    {
        var timeout = options.WatchTimeout * (1 + random());
        var query = new WatchQuery(listed.Version, timeout, options.Namespace, options.LabelSelector, options.FieldSelector);
        try
        {
            var watch = await CallDeadline.RunAsync(time, options.CallTimeout, $"watching {Name}", token => api.WatchAsync(kind, query, token), ct);
            if (watchedBefore) RuntimeMetrics.WatchReconnects.Add(1, kindTag);
            watchedBefore = true;
            problems.Solved("The watch of {Kind} works again", Name);
            return new Position<T>.Watching(watch, listed.Version, timeout + options.WatchOverrun);
        }
        catch (KubeFault fault) when (CannotGoOnFrom(fault))
        {
            return ListAgain(fault);
        }
        catch (KubeFault fault)
        {
            return Fail("watch", fault, AfterOutage(listed, fault));
        }
    }

    private async Task<Position<T>> ReadWatchAsync(Position<T>.Watching watching, CancellationToken ct)
    {
        var opened = time.GetTimestamp();
        var version = watching.Version;
        var events = 0;
        await using var watch = watching.Watch;
        var interrupt = relists.Interrupt();
        using var overrun = new CancellationTokenSource(watching.Limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, interrupt, overrun.Token);
        KubeFault? broken = null;
        try
        {
            await foreach (var line in watch.EventsAsync(end.Token))
            {
                if (line is WatchEvent<T>.Failed failed)
                {
                    broken = Fault(failed.Status);
                    break;
                }
                version = Apply(line) ?? version;
                events++;
            }
        }
        catch (KubeFault fault)
        {
            broken = fault;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            if (!interrupt.IsCancellationRequested)
                log.LogDebug("The watch of {Kind} outlived its time by {Overrun}; opening another", Name, options.WatchOverrun);
        }
        var lasted = time.GetElapsedTime(opened);
        if (lasted >= options.HealthyAfter) failures = 0;
        return AfterWatch(new Position<T>.Listed(version, IsOld: true), broken, end.IsCancellationRequested || events > 0 || lasted >= ShortWatch);
    }

    private Position<T> AfterWatch(Position<T>.Listed resume, KubeFault? broken, bool useful)
    {
        if (broken is not null && CannotGoOnFrom(broken)) return ListAgain(broken);
        if (broken is null && useful) return resume;
        // A connection that breaks now and then is the network's daily life, no news for a person; if the server is
        // really away, opening the next watch will say so.
        log.LogDebug("The watch of {Kind} ended: {Fault}", Name, broken?.Message ?? "closed at once and without an event");
        failures++;
        var pause = BackOff(broken, resume);
        return pause.Wait > OutageBefore ? pause with { Then = new Position<T>.Empty() } : pause;
    }

    /// <summary>Takes one event into the store; returns the version up to which the store is now complete.</summary>
    private string? Apply(WatchEvent<T> line)
    {
        var (type, version) = line switch
        {
            WatchEvent<T>.Added e => Put("added", e.Resource),
            WatchEvent<T>.Modified e => Put("modified", e.Resource),
            WatchEvent<T>.Deleted e => Remove(e.Resource),
            WatchEvent<T>.Bookmark e => Reach(e.ResourceVersion),
            _ => throw new InvalidOperationException($"Unknown watch event {line.GetType().Name}."),
        };
        RuntimeMetrics.WatchEvents.Add(1, kindTag, RuntimeMetrics.Tag("type", type));
        return version;
    }

    private (string Type, string? Version) Put(string type, T resource)
    {
        store.Put(resource);
        return (type, resource.Metadata.ResourceVersion);
    }

    private (string Type, string? Version) Remove(T resource)
    {
        store.Remove(resource);
        return ("deleted", resource.Metadata.ResourceVersion);
    }

    private (string Type, string? Version) Reach(string version)
    {
        store.Reach(version);
        return ("bookmark", version);
    }

    private Position<T> ListAgain(KubeFault gone)
    {
        log.LogDebug("Listing {Kind} again: {Fault}", Name, gone.Message);
        if (failures++ == 0) return new Position<T>.Empty();
        // A server that says 410 to the version it has just listed is waited for like any other trouble. One that was away and forgot the past is back: what
        // was waited for is over, and until the list is here every reconcile works on what was (client-go keeps the two waits apart as well).
        var wait = BackOff(gone, new Position<T>.Empty());
        return time.GetElapsedTime(listedAt) >= wait.Wait ? new Position<T>.Empty() : wait;
    }

    /// <summary>
    /// Too old, or too new: a server whose data was put back to an earlier copy counts from lower numbers, and might never come to ours
    /// (k8s.io/apimachinery errors.IsTooLargeResourceVersionError; client-go's reflector lists again as well).
    /// </summary>
    private static bool CannotGoOnFrom(KubeFault fault) =>
        fault.Reason == FaultReason.Expired || fault.Status?.Details?.Causes.Any(c => c.Reason == "ResourceVersionTooLarge") == true;

    private Position<T> Fail(string verb, KubeFault fault, Position<T> then)
    {
        failures++;
        problems.Report($"{verb} {fault.Reason}", "Cannot {Verb} {Kind}: {Fault}. Trying again", verb, Name, fault.Message);
        return BackOff(fault, then);
    }

    private Position<T>.BackingOff BackOff(KubeFault? fault, Position<T> then)
    {
        var wait = options.Backoff.After(Math.Max(1, failures), random());
        return new Position<T>.BackingOff(fault?.RetryAfter is { } asked && asked > wait ? asked : wait, then);
    }

    private static KubeFault Fault(KubeStatus status) => new(
        status.Code == 410 ? FaultReason.Expired : FaultReason.ServerError,
        $"The watch was ended with {status.Code}: {status.Message}",
        status)
    {
        RetryAfter = status.Details?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };
}
