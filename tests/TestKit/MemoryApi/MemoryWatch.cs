using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>A watch that a test can end, break or silence.</summary>
internal interface IOpenWatch
{
    string Kind { get; }

    void Close(KubeFault? fault);

    void Silence();

    void Bookmark();
}

internal sealed class MemoryWatch<T> : IWatch<T>, IOpenWatch where T : class, IResource
{
    private readonly Lock gate;
    private readonly ObjectLog log;
    private readonly ResourceKind<T> kind;
    private readonly Selector selector;
    private readonly WatchQuery query;
    private readonly Action<IOpenWatch> forget;
    private readonly ITimer timeout;
    private long position;
    private bool closed;
    private bool silent;
    private bool bookmark;
    private KubeFault? fault;

    public MemoryWatch(Lock gate, ObjectLog log, ResourceKind<T> kind, WatchQuery query, TimeProvider time, Action<IOpenWatch> forget)
    {
        this.gate = gate;
        this.log = log;
        this.kind = kind;
        this.query = query;
        this.forget = forget;
        Kind = kind.ToString();
        selector = new Selector(query.Namespace, query.LabelSelector, query.FieldSelector);
        position = long.Parse(query.ResourceVersion, CultureInfo.InvariantCulture);
        timeout = time.CreateTimer(_ => Close(null), null, query.Timeout, Timeout.InfiniteTimeSpan);
    }

    public string Kind { get; }

    public async IAsyncEnumerable<WatchEvent<T>> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            List<WatchEvent<T>> batch = [];
            bool ended;
            Task grown;
            lock (gate)
            {
                if (!silent) Collect_NeedsLock(batch);
                ended = !silent && closed;
                grown = log.Grown;
                if (ended && fault is not null) throw fault;
            }
            foreach (var line in batch)
            {
                ct.ThrowIfCancellationRequested();
                yield return line;
            }
            if (ended) yield break;
            if (batch.Count == 0) await GrownAsync(grown, ct);
        }
    }

    public void Close(KubeFault? with)
    {
        lock (gate)
        {
            closed = true;
            fault = with;
            log.Wake();
        }
    }

    public void Silence()
    {
        lock (gate) silent = true;
    }

    public void Bookmark()
    {
        lock (gate)
        {
            bookmark = query.Bookmarks;
            log.Wake();
        }
    }

    public ValueTask DisposeAsync()
    {
        forget(this);
        return timeout.DisposeAsync();
    }

    /// <summary>Awaits the signal itself, so that whoever runs on one thread (a SynchronizationContext) stays on it.</summary>
    private async Task GrownAsync(Task grown, CancellationToken ct)
    {
        await using (ct.Register(WakeAll)) await grown;
        ct.ThrowIfCancellationRequested();
    }

    private void WakeAll()
    {
        lock (gate) log.Wake();
    }

    private void Collect_NeedsLock(List<WatchEvent<T>> batch)
    {
        if (position < log.Compacted)
        {
            batch.Add(new WatchEvent<T>.Failed(new KubeStatus { Status = "Failure", Code = 410, Reason = "Expired", Message = $"too old resource version: {position} ({log.Compacted})" }));
            closed = true;
            return;
        }
        foreach (var change in log.After(position, Kind))
        {
            position = change.Version;
            if (Line(change) is { } line) batch.Add(line);
        }
        if (!bookmark) return;
        bookmark = false;
        position = Math.Max(position, log.VisibleTo(Kind));
        batch.Add(new WatchEvent<T>.Bookmark(position.ToString(CultureInfo.InvariantCulture), EndsInitialEvents: false));
    }

    /// <summary>As the selector sees it: an object that no longer matches was deleted, one that now does was added.</summary>
    private WatchEvent<T>? Line(LoggedChange change)
    {
        var before = change.Before is { } b && selector.Matches(b);
        if (change.After is { } after && selector.Matches(after))
            return before ? new WatchEvent<T>.Modified(Read(after)) : new WatchEvent<T>.Added(Read(after));
        if (!before) return null;
        var last = (JsonObject)change.Before!.DeepClone();
        Meta.Of(last)["resourceVersion"] = change.Version.ToString(CultureInfo.InvariantCulture);
        return new WatchEvent<T>.Deleted(Read(last));
    }

    private T Read(JsonObject resource) => resource.Deserialize(kind.Json)!; // an object is never the JSON null
}
