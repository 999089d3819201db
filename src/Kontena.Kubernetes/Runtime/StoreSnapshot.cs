using System.Collections.Immutable;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>One state of a <see cref="Store{T}"/>.</summary>
internal sealed record StoreSnapshot<T>(
    ImmutableDictionary<ObjectKey, T> Objects,
    ImmutableDictionary<(string Index, string Value), ImmutableSortedSet<ObjectKey>> Index,
    StoreVersion Version) where T : class, IResource
{
    public static StoreSnapshot<T> Empty { get; } = new(
        ImmutableDictionary<ObjectKey, T>.Empty,
        ImmutableDictionary<(string, string), ImmutableSortedSet<ObjectKey>>.Empty,
        default);
}

/// <summary>Builds the next snapshot and, in order, what changed on the way.</summary>
internal sealed class StoreEdit<T>(StoreSnapshot<T> from, IReadOnlyList<StoreIndex<T>> indexes) where T : class, IResource
{
    private readonly ImmutableDictionary<ObjectKey, T>.Builder objects = from.Objects.ToBuilder();
    private readonly ImmutableDictionary<(string Index, string Value), ImmutableSortedSet<ObjectKey>>.Builder index = from.Index.ToBuilder();

    public List<StoreChange<T>> Changes { get; } = [];

    public void Put(T resource)
    {
        var key = resource.Metadata.Key;
        if (objects.TryGetValue(key, out var before))
        {
            if (before.Metadata.Uid != resource.Metadata.Uid)
            {
                // Deleted and created again under one name while nobody looked: two objects, so two changes.
                Remove(key);
                before = null;
            }
            else if (before.Metadata.ResourceVersion == resource.Metadata.ResourceVersion && before.Metadata.ResourceVersion is not null)
            {
                return;
            }
        }
        if (before is not null) Unlink(key, before);
        objects[key] = resource;
        Link(key, resource);
        Changes.Add(before is null ? new StoreChange<T>.Added(resource) : new StoreChange<T>.Updated(before, resource));
    }

    /// <param name="last">The object's final state where the server sent it.</param>
    public void Remove(ObjectKey key, T? last = null)
    {
        if (!objects.Remove(key, out var before)) return;
        Unlink(key, before);
        Changes.Add(new StoreChange<T>.Removed(last ?? before));
    }

    public StoreSnapshot<T> ToSnapshot(StoreVersion version) => new(objects.ToImmutable(), index.ToImmutable(), version);

    private void Link(ObjectKey key, T resource)
    {
        foreach (var slot in Slots(resource))
            index[slot] = index.TryGetValue(slot, out var keys) ? keys.Add(key) : [key];
    }

    private void Unlink(ObjectKey key, T resource)
    {
        foreach (var slot in Slots(resource))
        {
            if (!index.TryGetValue(slot, out var keys)) continue;
            var left = keys.Remove(key);
            if (left.IsEmpty) index.Remove(slot);
            else index[slot] = left;
        }
    }

    private IEnumerable<(string Index, string Value)> Slots(T resource) =>
        indexes.SelectMany(i => i.Values(resource).Distinct(StringComparer.Ordinal).Select(value => (i.Name, value)));
}
