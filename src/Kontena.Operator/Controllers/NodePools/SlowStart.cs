namespace Kontena.Operator.Controllers.NodePools;

/// <summary>
/// Does many like things in growing batches, 1, 2, 4 … side by side: where the first is refused (a quota, a webhook) the other
/// thousand are not tried. The ReplicaSet controller of Kubernetes begins the same way (slowStartBatch). Once the batches are large there are
/// no more batches: as one ends the next begins, so that one slow answer holds up nobody.
/// </summary>
internal static class SlowStart
{
    /// <summary>Half of what an API server lets in at once of everybody's writes (--max-mutating-requests-inflight, 200): beyond that it answers 429.</summary>
    public const int MostAtOnce = 100;

    /// <param name="first">Size of the first batch: more than 1 where the same went well a moment ago.</param>
    /// <exception cref="Exception">The first that failed, once what was begun is over; no other is begun.</exception>
    public static async Task RunAsync<T>(IReadOnlyList<T> items, Func<T, Task> work, int first = 1)
    {
        var done = 0;
        for (var size = first; size < MostAtOnce && done < items.Count; size *= 2)
        {
            var batch = items.Skip(done).Take(size).ToList();
            await Task.WhenAll(batch.Select(work));
            done += batch.Count;
        }
        await RunRestAsync(items, done, work);
    }

    /// <summary>Not Parallel.ForEachAsync: that hops to the thread pool, and the random walks need all of a reconcile on one thread.</summary>
    private static async Task RunRestAsync<T>(IReadOnlyList<T> items, int next, Func<T, Task> work)
    {
        var failed = false;
        var lanes = Enumerable.Range(0, Math.Min(MostAtOnce, items.Count - next)).Select(_ => LaneAsync()).ToList();
        await Task.WhenAll(lanes);

        async Task LaneAsync()
        {
            while (!Volatile.Read(ref failed) && Interlocked.Increment(ref next) - 1 is var at && at < items.Count)
            {
                try
                {
                    await work(items[at]);
                }
                catch (Exception)
                {
                    Volatile.Write(ref failed, true);
                    throw;
                }
            }
        }
    }
}
