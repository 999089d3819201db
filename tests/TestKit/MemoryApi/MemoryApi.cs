using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.TestKit.MemoryApi;

/// <summary>
/// The Kubernetes API in memory, for controller tests: versions with optimistic locking, generations, finalizers, status
/// subresource, preconditions, paged lists, watches with a history that can be compacted. Tests choose what fails, before
/// or after it is done, what hangs, and how far watches lag behind.
/// </summary>
public sealed class MemoryApi : IKubeApi
{
    private readonly Lock gate = new();
    private readonly ObjectLog log = new();
    private readonly ObjectTable table;
    private readonly TimeProvider time;
    private readonly InjectedFaults faults = new();
    private readonly List<ApiCall> calls = [];
    private readonly List<IOpenWatch> watches = [];
    private readonly Dictionary<string, (List<JsonObject> Left, long Version)> pages = [];
    private int tokens;

    public MemoryApi(TimeProvider time)
    {
        this.time = time;
        table = new ObjectTable(log, time);
    }

    /// <summary>Deletes what is left without an owner, like the garbage collector.</summary>
    public bool CollectsGarbage
    {
        get { lock (gate) return table.CollectsGarbage; }
        set { lock (gate) table.CollectsGarbage = value; }
    }

    /// <summary>Told of every change as it is stored, under the API's lock: kind, object before, object after (null where there is none).</summary>
    public Action<string, JsonObject?, JsonObject?>? Changed
    {
        get { lock (gate) return log.Changed; }
        set { lock (gate) log.Changed = value; }
    }

    /// <summary>Every call that arrived, in order, refused ones too.</summary>
    public IReadOnlyList<ApiCall> Calls
    {
        get { lock (gate) return [.. calls]; }
    }

    public IEnumerable<ApiCall> Writes => Calls.Where(call => call.IsWrite);

    public int OpenWatches
    {
        get { lock (gate) return watches.Count; }
    }

    /// <summary>The newest resourceVersion.</summary>
    public string Version
    {
        get { lock (gate) return Text(log.Version); }
    }

    public void ClearCalls()
    {
        lock (gate) calls.Clear();
    }

    /// <summary>The next calls that match are refused and not carried out.</summary>
    public void Refuse(Func<ApiCall, bool> when, Func<KubeFault> fault, int times = 1) => faults.Add(when, fault, afterDoing: false, times);

    /// <summary>The next calls that match are carried out, and the caller gets no answer.</summary>
    public void LoseAnswer(Func<ApiCall, bool> when, int times = 1) => faults.Add(when, Fault.AnswerLost, afterDoing: true, times);

    /// <summary>Calls that match hang until released or cancelled.</summary>
    public HeldCalls Hold(Func<ApiCall, bool> when) => faults.Hold(when);

    /// <summary>Watches (of one kind, or all) deliver nothing newer than now until released: a cache that lags.</summary>
    public void HoldWatches(string? kind = null)
    {
        lock (gate) log.Hold(kind);
    }

    public void ReleaseWatches(string? kind = null)
    {
        lock (gate) log.Release(kind);
    }

    /// <summary>Lets held watches of a kind deliver so many changes more.</summary>
    /// <returns>How many more are still held.</returns>
    public int DeliverHeld(string kind, int count = 1)
    {
        lock (gate) return log.Deliver(kind, count);
    }

    /// <summary>Whether there are changes of a kind that its held watches have not delivered.</summary>
    public bool IsHeldBack(string kind)
    {
        lock (gate) return log.IsHeld(kind);
    }

    /// <summary>Ends all open watches: closed by the server, or broken with a fault.</summary>
    public void EndWatches(KubeFault? fault = null) => ForWatches(watch => watch.Close(fault));

    /// <summary>All open watches fall silent: no events, no end, as behind a dead load balancer.</summary>
    public void SilenceWatches() => ForWatches(watch => watch.Silence());

    public void SendBookmarks() => ForWatches(watch => watch.Bookmark());

    /// <summary>Forgets the history: watches from older versions get 410, as do continue tokens.</summary>
    public void Compact()
    {
        lock (gate)
        {
            log.Compact();
            pages.Clear();
        }
    }

    /// <summary>An object as stored, without a recorded call; null where there is none.</summary>
    public T? Peek<T>(ResourceKind<T> kind, ObjectKey key) where T : class, IResource
    {
        lock (gate) return table.Find(KindShape.Of(kind), key)?.Deserialize(kind.Json);
    }

    public IReadOnlyList<T> PeekAll<T>(ResourceKind<T> kind) where T : class, IResource
    {
        lock (gate) return [.. table.All(kind.ToString()).Select(resource => resource.Deserialize(kind.Json)!)];
    }

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource =>
        CallAsync(new ApiCall(ApiVerb.Get, kind.ToString(), key), () => Read(kind, table.Get(KindShape.Of(kind), key)), ct);

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync(new ApiCall(ApiVerb.List, kind.ToString(), new ObjectKey(query.Namespace ?? "", "")) { Limit = query.Limit }, () => Page(kind, query), ct);

    public Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync<IWatch<T>>(new ApiCall(ApiVerb.Watch, kind.ToString(), new ObjectKey(query.Namespace ?? "", "")), () =>
        {
            if (!long.TryParse(query.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var from) || from == 0) throw Fault.BadRequest($"MemoryApi does not watch from version '{query.ResourceVersion}'");
            if (from < log.Compacted) throw Fault.Expired($"too old resource version: {from} ({log.Compacted})");
            var watch = new MemoryWatch<T>(gate, log, kind, query, time, Forget);
            watches.Add(watch);
            return watch;
        }, ct);

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        var body = Write(kind, resource);
        return CallAsync(new ApiCall(ApiVerb.Create, kind.ToString(), resource.Metadata.Key, options.Subresource, body.ToJsonString()),
            () => Read(kind, table.Create(KindShape.Of(kind), body, options.DryRun)), ct);
    }

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        var body = Write(kind, resource);
        return CallAsync(new ApiCall(ApiVerb.Update, kind.ToString(), resource.Metadata.Key, options.Subresource, body.ToJsonString()), () =>
        {
            var shape = KindShape.Of(kind);
            return Read(kind, table.Replace(shape, table.Get(shape, resource.Metadata.Key), body, options.Subresource, options.DryRun));
        }, ct);
    }

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource
    {
        var body = JsonNode.Parse(patch.Body.Span) ?? throw Fault.BadRequest("the patch is null");
        return CallAsync(new ApiCall(ApiVerb.Patch, kind.ToString(), key, options.Subresource, body.ToJsonString()), () => Read(kind, Change(KindShape.Of(kind), key, patch.Format, body, options)), ct);
    }

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource =>
        CallAsync(new ApiCall(ApiVerb.Delete, kind.ToString(), key), () => table.Delete(KindShape.Of(kind), key, query)?.Deserialize(kind.Json), ct);

    private async Task<TResult> CallAsync<TResult>(ApiCall call, Func<TResult> action, CancellationToken ct)
    {
        lock (gate) calls.Add(call);
        await faults.PassHoldAsync(call, ct);
        ct.ThrowIfCancellationRequested();
        faults.ThrowDue(call, afterDoing: false);
        TResult result;
        lock (gate) result = action();
        faults.ThrowDue(call, afterDoing: true);
        return result;
    }

    private JsonObject Change(KindShape shape, ObjectKey key, PatchFormat format, JsonNode body, WriteOptions options)
    {
        if (format == PatchFormat.Apply && table.Find(shape, key) is null)
        {
            var full = JsonPatching.Merge((JsonObject)body, new JsonObject { ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace.Length == 0 ? null : key.Namespace } });
            return table.Create(shape, full, options.DryRun);
        }
        var current = table.Get(shape, key);
        var wanted = format switch
        {
            PatchFormat.Json => JsonPatching.Apply(current, body as JsonArray ?? throw Fault.BadRequest("a JSON patch is a list")),
            // Server-side apply without its field ownership: what the body lacks stays.
            PatchFormat.Merge or PatchFormat.Apply => JsonPatching.Merge(current, (JsonObject)body),
            PatchFormat.StrategicMerge => shape.HasStatus ? throw Fault.BadRequest("415: custom resources take no strategic merge patch") : JsonPatching.Merge(current, (JsonObject)body),
            _ => throw new InvalidOperationException($"Unknown patch format {format}."),
        };
        return table.Replace(shape, current, wanted, options.Subresource, options.DryRun);
    }

    private ResourceList<T> Page<T>(ResourceKind<T> kind, ListQuery query) where T : class, IResource
    {
        List<JsonObject> rest;
        var version = log.Version;
        if (query.Continue is { Length: > 0 } token)
        {
            if (!pages.TryGetValue(token, out var page)) throw Fault.Expired("The provided continue parameter is too old");
            (rest, version) = page;
        }
        else
        {
            var selector = new Selector(query.Namespace, query.LabelSelector, query.FieldSelector);
            rest = [.. table.All(kind.ToString()).Where(selector.Matches)];
        }
        var take = query.Limit is { } limit && limit > 0 ? Math.Min(limit, rest.Count) : rest.Count;
        string? next = null;
        if (take < rest.Count) pages[next = $"page-{++tokens}"] = (rest[take..], version);
        return new ResourceList<T>
        {
            ApiVersion = kind.ApiVersion,
            Kind = $"{kind.Kind}List",
            Metadata = new ListMeta { ResourceVersion = Text(version), Continue = next, RemainingItemCount = next is null ? null : rest.Count - take },
            Items = [.. rest[..take].Select(resource => Read(kind, resource))],
        };
    }

    private void ForWatches(Action<IOpenWatch> action)
    {
        lock (gate)
            foreach (var watch in watches.ToList())
                action(watch);
    }

    private void Forget(IOpenWatch watch)
    {
        lock (gate) watches.Remove(watch);
    }

    private static JsonObject Write<T>(ResourceKind<T> kind, T resource) where T : class, IResource =>
        (JsonObject)JsonSerializer.SerializeToNode(resource, kind.Json)!; // a resource is an object

    private static T Read<T>(ResourceKind<T> kind, JsonObject resource) where T : class, IResource => resource.Deserialize(kind.Json)!;

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
