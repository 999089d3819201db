using System.Collections.Immutable;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Judging;

/// <summary>One kind in the scene's namespace, followed by a watch of the test's own: what is there, what was there at any moment, and what went.</summary>
internal sealed class Followed<T>(IKubeApi api, ResourceKind<T> kind, string ns, TimeProvider time) where T : class, IResource
{
    private readonly Lock gate = new();
    private readonly List<State> states = [];

    public IReadOnlyCollection<T> Now
    {
        get { lock (gate) return [.. states[^1].Objects.Values]; }
    }

    /// <summary>Called for each change with the object before and after it; null where there was, or is, none. Must be quick.</summary>
    public Action<T?, T?> Changed { get; init; } = (_, _) => { };

    public T? Find(string name)
    {
        lock (gate) return states[^1].Objects.GetValueOrDefault(name);
    }

    /// <summary>The list that the server would have given at that moment.</summary>
    public ResourceList<T> AsOf(DateTimeOffset at)
    {
        lock (gate)
        {
            var state = states.FindLast(s => s.At <= at) ?? states[0];
            return new ResourceList<T> { Metadata = new ListMeta { ResourceVersion = state.Version }, Items = [.. state.Objects.Values] };
        }
    }

    public async Task BeginAsync(CancellationToken ct)
    {
        var list = await api.ListAsync(kind, new ListQuery(ns), ct);
        Push(list.Items.ToImmutableDictionary(i => i.Metadata.Name!), list.Metadata.ResourceVersion!);
    }

    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await using var watch = await api.WatchAsync(kind, new WatchQuery(Version, TimeSpan.FromMinutes(10), ns), ct);
                await foreach (var line in watch.EventsAsync(ct)) Take(line);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The scene is over.
        }
    }

    private string Version
    {
        get { lock (gate) return states[^1].Version; }
    }

    private void Take(WatchEvent<T> line)
    {
        switch (line)
        {
            case WatchEvent<T>.Added e:
                Put(e.Resource);
                break;
            case WatchEvent<T>.Modified e:
                Put(e.Resource);
                break;
            case WatchEvent<T>.Deleted e:
                // As it was before, rather than as it went: whoever takes the last finalizer off deletes it by that.
                var last = Find(e.Resource.Metadata.Name!) ?? e.Resource;
                Push(states[^1].Objects.Remove(e.Resource.Metadata.Name!), e.Resource.Metadata.ResourceVersion!);
                Changed(last, null);
                break;
            case WatchEvent<T>.Bookmark e:
                Push(states[^1].Objects, e.ResourceVersion);
                break;
            default:
                throw new InvalidOperationException($"The test's own watch of {kind} broke: {line}");
        }
    }

    private void Put(T resource)
    {
        var before = Find(resource.Metadata.Name!);
        Push(states[^1].Objects.SetItem(resource.Metadata.Name!, resource), resource.Metadata.ResourceVersion!);
        Changed(before, resource);
    }

    private void Push(ImmutableDictionary<string, T> objects, string version)
    {
        lock (gate) states.Add(new State(time.GetUtcNow(), objects, version));
    }

    private sealed record State(DateTimeOffset At, ImmutableDictionary<string, T> Objects, string Version);
}
