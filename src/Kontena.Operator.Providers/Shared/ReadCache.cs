namespace Kontena.Operator.Providers.Shared;

/// <summary>Keeps what was read for a short while. Failures are not kept; one read runs at a time, so that a hundred nodes ask once.</summary>
// CA1001: a SemaphoreSlim whose wait handle is never asked for holds nothing to dispose of.
#pragma warning disable CA1001
internal sealed class ReadCache<TKey, TValue>(TimeSpan keep, TimeProvider time) where TKey : notnull
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<TKey, (TValue Value, DateTimeOffset ReadAt)> read = [];

    public async Task<TValue> GetAsync(TKey key, Func<CancellationToken, Task<TValue>> readAsync, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var now = time.GetUtcNow();
            if (read.TryGetValue(key, out var known) && now - known.ReadAt < keep) return known.Value;
            foreach (var old in read.Where(r => now - r.Value.ReadAt >= keep).Select(r => r.Key).ToList()) read.Remove(old);
            var value = await readAsync(ct);
            read[key] = (value, now);
            return value;
        }
        finally
        {
            gate.Release();
        }
    }
}
