namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// Does many like things in growing batches, 1, 2, 4 … side by side: where the first is refused (a quota, a webhook) the other
/// thousand are not tried. The ReplicaSet controller of Kubernetes begins the same way (slowStartBatch).
/// </summary>
internal static class SlowStart
{
    private const int LargestBatch = 16;

    /// <exception cref="Exception">The first that failed, once its batch is over; later batches are not begun.</exception>
    public static async Task RunAsync<T>(IReadOnlyList<T> items, Func<T, Task> work)
    {
        var size = 1;
        for (var done = 0; done < items.Count; size = Math.Min(size * 2, LargestBatch))
        {
            var batch = items.Skip(done).Take(size).ToList();
            await Task.WhenAll(batch.Select(work));
            done += batch.Count;
        }
    }
}
