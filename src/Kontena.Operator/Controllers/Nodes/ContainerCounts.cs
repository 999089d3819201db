using System.Collections.Concurrent;
using Kontena.Kubernetes.Resources;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Counts a grid's containers once for all nodes that are being drained: the Master tells all of them in one answer, or none.</summary>
internal sealed class ContainerCounts(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ObjectKey, Entry> entries = [];

    /// <returns>How many containers of services the node has, and when that was asked.</returns>
    public async Task<(int Count, DateTimeOffset At)> OfAsync(ObjectKey grid, IKontenaMaster master, string node, DateTimeOffset notBefore, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!entries.TryGetValue(grid, out var entry) || entry.At + Fresh <= now || entry.At < notBefore)
            entries[grid] = entry = new Entry(await master.CountContainersAsync(ct), now);
        return (entry.Counts.GetValueOrDefault(node), entry.At);
    }

    private sealed record Entry(IReadOnlyDictionary<string, int> Counts, DateTimeOffset At);
}
