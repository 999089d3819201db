using System.Globalization;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Throttling;

/// <summary>
/// EC2's request and resource buckets, one set for each region of the account (EC2 developer guide, "Request throttling"):
/// an action has its own bucket of its category's size; RunInstances and TerminateInstances also spend a token an instance.
/// </summary>
internal sealed class Throttle(TimeProvider time)
{
    private static readonly BucketSize Reads = new(100, 20);
    private static readonly BucketSize UnfilteredReads = new(50, 10);
    private static readonly BucketSize Writes = new(50, 5);

    private static readonly Dictionary<string, BucketSize> Requests = new(StringComparer.Ordinal)
    {
        ["RunInstances"] = new(5, 2),
        ["TerminateInstances"] = new(100, 5),
        ["CreateTags"] = new(100, 10),
        ["DeleteTags"] = new(100, 10),
    };

    private static readonly Dictionary<string, BucketSize> Resources = new(StringComparer.Ordinal)
    {
        ["RunInstances"] = new(1000, 2),
        ["TerminateInstances"] = new(1000, 20),
    };

    private readonly Lock gate = new();
    private readonly Dictionary<(string Region, string Bucket), TokenBucket> buckets = [];

    /// <summary>False where the call is over its rate; then it spends nothing.</summary>
    public bool Admits(string region, string action, bool mutates, QueryParameters parameters)
    {
        // An unfiltered, unpaged listing is dearer; it has a bucket of its own beside that of the same action asked well.
        var narrowed = parameters.Has("MaxResults") || parameters.All.Keys.Any(k => k.EndsWith(".1", StringComparison.Ordinal));
        var unfiltered = !mutates && !narrowed;
        var size = Requests.GetValueOrDefault(action, mutates ? Writes : unfiltered ? UnfilteredReads : Reads);
        lock (gate)
        {
            var now = time.GetUtcNow();
            var requests = Bucket((region, unfiltered ? action + " unfiltered" : action), size, now);
            if (!requests.Has(1, now)) return false;
            if (Resources.TryGetValue(action, out var resources))
            {
                var count = Count(action, parameters);
                var bucket = Bucket((region, action + " resources"), resources, now);
                if (!bucket.Has(count, now)) return false;
                bucket.Take(count);
            }
            requests.Take(1);
            return true;
        }
    }

    private TokenBucket Bucket((string Region, string Name) key, BucketSize size, DateTimeOffset now)
    {
        if (!buckets.TryGetValue(key, out var bucket)) buckets.Add(key, bucket = new TokenBucket(size, now));
        return bucket;
    }

    private static int Count(string action, QueryParameters parameters) => action == "RunInstances"
        ? int.TryParse(parameters.Text("MaxCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : 1
        : parameters.List("InstanceId").Count;
}
