namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>
/// The idempotency tokens of a region's launches. A launch that names its zone (or subnet) has the zone as scope, any other the region: the same
/// token in two zones is two launches, as the EC2 documentation on idempotency says.
/// </summary>
internal sealed class ClientTokens(Agenda agenda)
{
    // "At least 24 hours after the termination of the instance" (RunInstances documentation).
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private readonly Dictionary<(string? Zone, string Token), Entry> entries = [];

    /// <summary>The instances that this token already made; null where it made none, and then it is bound to the request from now on.</summary>
    public IReadOnlyList<Instance>? Claim(LaunchRequest request, DateTimeOffset now)
    {
        if (request.ClientToken is not { } token) return null;
        var key = (request.Subnet?.Zone, token);
        if (!entries.TryGetValue(key, out var entry)) entries.Add(key, entry = new Entry(request.Fingerprint));
        if (entry.Fingerprint != request.Fingerprint) throw Mismatch();
        entry.LastUsed = now;
        agenda.At(now + Kept, () => ForgetUnused(key, entry, now + Kept));
        if (entry.Instances.Count == 0) return null;
        return entry.Instances.All(i => i.StateAt(now) == InstanceState.Terminated) ? throw Terminated() : entry.Instances;
    }

    public void Remember(LaunchRequest request, IReadOnlyList<Instance> made)
    {
        if (request.ClientToken is { } token) entries[(request.Subnet?.Zone, token)].Instances = made;
    }

    private void ForgetUnused((string? Zone, string Token) key, Entry entry, DateTimeOffset now)
    {
        if (entry.LastUsed + Kept > now || !entries.TryGetValue(key, out var current) || current != entry) return;
        if (entry.Instances.All(i => i.End is { } end && end.Terminated + Kept <= now)) entries.Remove(key);
        else agenda.At(now + Kept, () => ForgetUnused(key, entry, now + Kept));
    }

    private static Query.ApiException Mismatch() => new(400, "IdempotentParameterMismatch",
        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");

    private static Query.ApiException Terminated() => new(400, "IdempotentInstanceTerminated",
        "The client token you have provided is associated with a resource that is already terminated. Please use a different client token.");

    private sealed class Entry(string fingerprint)
    {
        public string Fingerprint => fingerprint;

        public DateTimeOffset LastUsed { get; set; }

        public IReadOnlyList<Instance> Instances { get; set; } = [];
    }
}
