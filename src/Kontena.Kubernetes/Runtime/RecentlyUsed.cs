namespace Kontena.Kubernetes.Runtime;

/// <summary>A dictionary that forgets what was not used for longest. Not thread-safe.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity) where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> order = [];

    public int Count => nodes.Count;

    public bool TryGet(TKey key, out TValue value)
    {
        if (!nodes.TryGetValue(key, out var node))
        {
            value = default!; // as of every Try method: not to be read after false
            return false;
        }
        order.Remove(node);
        order.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (nodes.Remove(key, out var old)) order.Remove(old);
        nodes[key] = order.AddFirst((key, value));
        if (nodes.Count <= capacity || order.Last is not { } last) return;
        order.RemoveLast();
        nodes.Remove(last.Value.Key);
    }
}
