namespace Kontena.Kubernetes.Runtime;

/// <summary>Which happenings are worth a write: not the same one about an unchanged object, and not more than a bucket of tokens about any object. Not thread-safe.</summary>
internal sealed class EventGate(EventRecorderOptions options, TimeProvider time)
{
    private readonly RecentlyUsed<string, (string? Version, long At)> said = new(options.Remembered);
    private readonly RecentlyUsed<string, (double Tokens, long At)> buckets = new(options.Remembered);

    public EventVerdict Judge(Happening happening)
    {
        var now = time.GetTimestamp();
        if (said.TryGet(happening.Hash, out var last)
            && last.Version == happening.Regarding.ResourceVersion
            && time.GetElapsedTime(last.At, now) < options.Window)
            return EventVerdict.Repeated;

        var key = happening.Regarding.Uid ?? "";
        var tokens = buckets.TryGet(key, out var bucket)
            ? Math.Min(options.Burst, bucket.Tokens + time.GetElapsedTime(bucket.At, now) / options.Refill)
            : options.Burst;
        if (tokens < 1)
        {
            buckets.Set(key, (tokens, now));
            return EventVerdict.TooMany;
        }
        buckets.Set(key, (tokens - 1, now));
        said.Set(happening.Hash, (happening.Regarding.ResourceVersion, now));
        return EventVerdict.Say;
    }
}

/// <summary>What an <see cref="EventGate"/> decides.</summary>
internal enum EventVerdict
{
    Say,
    Repeated,
    TooMany,
}
