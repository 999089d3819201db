using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Keys by the time they are due; the earliest wish of a key counts. Not thread-safe.</summary>
internal sealed class DelayHeap
{
    /// <summary>Outdated entries that are tolerated before the heap is built anew, beside as many as there are live ones.</summary>
    private const int Slack = 64;

    private readonly Dictionary<ObjectKey, long> dueOf = [];
    private PriorityQueue<ObjectKey, (long Due, long Order)> heap = new();
    private long order;

    public int Count => dueOf.Count;

    /// <summary>Outdated ones too.</summary>
    internal int Entries => heap.Count;

    public long? Earliest
    {
        get
        {
            DropOutdated();
            return heap.TryPeek(out _, out var at) ? at.Due : null;
        }
    }

    /// <returns>True where this is now the wish that counts for the key.</returns>
    public bool Wish(ObjectKey key, long due)
    {
        if (dueOf.TryGetValue(key, out var earlier) && earlier <= due) return false;
        dueOf[key] = due;
        heap.Enqueue(key, (due, order++));
        if (heap.Count > 2 * dueOf.Count + Slack) Rebuild();
        return true;
    }

    public void Fulfil(ObjectKey key) => dueOf.Remove(key);

    public ObjectKey? TakeDue(long now)
    {
        DropOutdated();
        if (!heap.TryPeek(out var key, out var at) || at.Due > now) return null;
        heap.Dequeue();
        dueOf.Remove(key);
        return key;
    }

    private void DropOutdated()
    {
        while (heap.TryPeek(out var key, out var at) && (!dueOf.TryGetValue(key, out var due) || due != at.Due)) heap.Dequeue();
    }

    private void Rebuild() =>
        heap = new PriorityQueue<ObjectKey, (long, long)>(dueOf.Select(wish => (wish.Key, (wish.Value, order++))));
}
