using System.Collections.Concurrent;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Nodes;

/// <summary>Remembers for a short while which offerings had no capacity, so that a thousand nodes do not each find out (karpenter: three minutes).</summary>
internal sealed class ExhaustedOfferings(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<(AccountKey Account, Offering Offering), DateTimeOffset> seen = [];

    public void Add(AccountKey account, Offering offering) => seen[(account, offering)] = time.GetUtcNow();

    public IReadOnlySet<Offering> In(AccountKey account)
    {
        var now = time.GetUtcNow();
        foreach (var entry in seen.Where(e => e.Value + Remembered <= now)) seen.TryRemove(entry);
        return seen.Keys.Where(k => k.Account == account).Select(k => k.Offering).ToHashSet();
    }
}
