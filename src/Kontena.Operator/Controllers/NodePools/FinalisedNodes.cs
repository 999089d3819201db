using System.Collections.Concurrent;
using Kontena.Kubernetes.Runtime;

namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// UIDs of nodes that were deleted while this process watched: an older listing may still show their machines, which then belong to no node in
/// the store and yet are not unknown. A node that goes without having been deleted was taken away by a restore: its machine is unknown.
/// </summary>
internal sealed class FinalisedNodes(TimeProvider time)
{
    /// <summary>Longer than any listing that was begun before the node went may still be in use.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> gone = [];

    public IDisposable Follow(Store<KontenaNode> nodes) => nodes.Subscribe(change =>
    {
        if (change is StoreChange<KontenaNode>.Removed { Last.Metadata: { IsBeingDeleted: true, Uid: { } uid } }) gone[uid] = time.GetUtcNow();
    });

    public bool Contains(string uid) => gone.ContainsKey(uid);

    public void ForgetOld()
    {
        var limit = time.GetUtcNow() - Remembered;
        foreach (var entry in gone.Where(e => e.Value < limit)) gone.TryRemove(entry);
    }
}
