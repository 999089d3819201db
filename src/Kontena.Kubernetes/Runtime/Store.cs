using System.Collections.Immutable;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// The objects of one kind as last seen. Reads never block and each read is one consistent snapshot; only the informer
/// writes. Subscribers are told in the order of the changes, on the writer's thread: they must be quick and must not throw.
/// A subscriber that reads the store finds the change already in it.
/// </summary>
public sealed class Store<T> where T : class, IResource
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<StoreIndex<T>> indexes;
    private ImmutableList<Action<StoreChange<T>>> subscribers = [];
    private volatile StoreSnapshot<T> snapshot = StoreSnapshot<T>.Empty;

    public Store(params IReadOnlyList<StoreIndex<T>> indexes) => this.indexes = indexes;

    /// <summary>How fresh the store is.</summary>
    public StoreVersion Version => snapshot.Version;

    public int Count => snapshot.Objects.Count;

    /// <summary>All objects, in no order.</summary>
    public IEnumerable<T> All => snapshot.Objects.Values;

    public T? Find(ObjectKey key) => snapshot.Objects.GetValueOrDefault(key);

    /// <summary>The objects under one value of a named index, ordered by key.</summary>
    /// <exception cref="ArgumentException">There is no such index: a mistake in the wiring, not an empty result.</exception>
    public IReadOnlyList<T> ByIndex(string index, string value)
    {
        if (!indexes.Any(i => i.Name == index)) throw new ArgumentException($"The store of {typeof(T).Name} has no index '{index}'.", nameof(index));
        var now = snapshot;
        return now.Index.TryGetValue((index, value), out var keys) ? [.. keys.Select(key => now.Objects[key])] : [];
    }

    /// <summary>Sends <see cref="StoreChange{T}.Present"/> for every object, then every change, without a gap between. Dispose to end.</summary>
    public IDisposable Subscribe(Action<StoreChange<T>> subscriber)
    {
        lock (gate)
        {
            foreach (var resource in Ordered(snapshot.Objects.Values)) subscriber(new StoreChange<T>.Present(resource));
            subscribers = subscribers.Add(subscriber);
        }
        return new Subscription(this, subscriber);
    }

    /// <summary>Takes a complete list: what it lacks was deleted, whenever that was.</summary>
    internal void Replace(IReadOnlyCollection<T> list, string? resourceVersion, long listBegan)
    {
        lock (gate)
        {
            var listed = list.Select(resource => resource.Metadata.Key).ToHashSet();
            var edit = new StoreEdit<T>(snapshot, indexes);
            foreach (var gone in Ordered(snapshot.Objects.Values.Where(old => !listed.Contains(old.Metadata.Key)))) edit.Remove(gone.Metadata.Key);
            foreach (var resource in list) edit.Put(resource);
            Publish_NeedsLock(edit, new StoreVersion(resourceVersion, listBegan));
        }
    }

    internal void Put(T resource)
    {
        lock (gate)
        {
            var edit = new StoreEdit<T>(snapshot, indexes);
            edit.Put(resource);
            Publish_NeedsLock(edit, snapshot.Version with { ResourceVersion = resource.Metadata.ResourceVersion });
        }
    }

    internal void Remove(T last)
    {
        lock (gate)
        {
            var edit = new StoreEdit<T>(snapshot, indexes);
            edit.Remove(last.Metadata.Key, last);
            Publish_NeedsLock(edit, snapshot.Version with { ResourceVersion = last.Metadata.ResourceVersion });
        }
    }

    /// <summary>A bookmark: nothing changed up to this version.</summary>
    internal void Reach(string resourceVersion)
    {
        lock (gate) snapshot = snapshot with { Version = snapshot.Version with { ResourceVersion = resourceVersion } };
    }

    /// <summary>Tells every subscriber of every object again.</summary>
    internal void Resync()
    {
        lock (gate)
        {
            foreach (var resource in Ordered(snapshot.Objects.Values))
                foreach (var subscriber in subscribers)
                    subscriber(new StoreChange<T>.Present(resource));
        }
    }

    private void Publish_NeedsLock(StoreEdit<T> edit, StoreVersion version)
    {
        snapshot = edit.ToSnapshot(version);
        foreach (var change in edit.Changes)
            foreach (var subscriber in subscribers)
                subscriber(change);
    }

    /// <summary>By key, so that two runs over the same objects tell the same story.</summary>
    private static IOrderedEnumerable<T> Ordered(IEnumerable<T> resources) => resources.OrderBy(resource => resource.Metadata.Key);

    private void Unsubscribe(Action<StoreChange<T>> subscriber)
    {
        lock (gate) subscribers = subscribers.Remove(subscriber);
    }

    private sealed class Subscription(Store<T> store, Action<StoreChange<T>> subscriber) : IDisposable
    {
        public void Dispose() => store.Unsubscribe(subscriber);
    }
}
