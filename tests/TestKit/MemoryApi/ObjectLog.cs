using System.Text.Json.Nodes;

namespace Kontena.TestKit.MemoryApi;

/// <summary>One change of one object, at one version.</summary>
internal sealed record LoggedChange(long Version, string Kind, JsonObject? Before, JsonObject? After);

/// <summary>The history that watches read from, how much of it they may see, and the signal that it grew. Guarded by the API's lock.</summary>
internal sealed class ObjectLog
{
    private readonly List<LoggedChange> changes = [];
    private readonly Dictionary<string, long> holds = [];
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest version; starts above 0, as a cluster's does.</summary>
    public long Version { get; private set; } = 1000;

    /// <summary>Changes up to here are forgotten: a watch from an older version is answered with 410.</summary>
    public long Compacted { get; private set; }

    public Task Grown => grown.Task;

    public Action<string, JsonObject?, JsonObject?>? Changed { get; set; }

    public long Append(string kind, JsonObject? before, JsonObject? after)
    {
        changes.Add(new LoggedChange(Version, kind, before, after));
        Changed?.Invoke(kind, before, after);
        Wake();
        return Version;
    }

    public long NextVersion() => ++Version;

    public IEnumerable<LoggedChange> After(long version, string kind)
    {
        var visible = VisibleTo(kind);
        return Newer(version).Where(change => change.Version <= visible && change.Kind == kind);
    }

    /// <summary>Up to which version watches of a kind are served now.</summary>
    public long VisibleTo(string kind) => holds.TryGetValue(kind, out var held) || holds.TryGetValue("", out held) ? held : Version;

    public void Compact()
    {
        Compacted = Version;
        changes.Clear();
        Wake();
    }

    public void Hold(string? kind) => holds[kind ?? ""] = Version;

    /// <summary>Lets held watches of a kind see so many changes more.</summary>
    /// <returns>How many more are still held.</returns>
    public int Deliver(string kind, int count)
    {
        if (!holds.TryGetValue(kind, out var held)) return 0;
        List<long> waiting = [.. Waiting(kind, held)];
        holds[kind] = waiting.Count <= count ? Version : waiting[count - 1];
        Wake();
        return Math.Max(0, waiting.Count - count);
    }

    public bool IsHeld(string kind)
    {
        if (!holds.TryGetValue(kind, out var held)) return false;
        for (var i = changes.Count - 1; i >= 0 && changes[i].Version > held; i--)
            if (changes[i].Kind == kind)
                return true;
        return false;
    }

    public void Release(string? kind)
    {
        if (kind is null) holds.Clear();
        else holds.Remove(kind);
        Wake();
    }

    private IEnumerable<long> Waiting(string kind, long after) => Newer(after).Where(change => change.Kind == kind).Select(change => change.Version);

    /// <summary>From the end, where the news are: the history is long.</summary>
    private IEnumerable<LoggedChange> Newer(long version)
    {
        var first = changes.Count;
        while (first > 0 && changes[first - 1].Version > version) first--;
        return changes.Skip(first);
    }

    public void Wake()
    {
        var signal = grown;
        grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.TrySetResult();
    }
}
