namespace Kontena.Simulator.Ec2.Throttling;

/// <summary>Holds at most <paramref name="Size"/> tokens and gains <paramref name="PerSecond"/>.</summary>
internal sealed record BucketSize(int Size, double PerSecond);

/// <summary>A token bucket that is filled when somebody looks.</summary>
internal sealed class TokenBucket(BucketSize size, DateTimeOffset now)
{
    private double tokens = size.Size;
    private DateTimeOffset filled = now;

    public bool Has(int count, DateTimeOffset at)
    {
        Fill(at);
        return tokens >= count;
    }

    public void Take(int count) => tokens -= count;

    private void Fill(DateTimeOffset at)
    {
        if (at <= filled) return;
        tokens = Math.Min(size.Size, tokens + (at - filled).TotalSeconds * size.PerSecond);
        filled = at;
    }
}
