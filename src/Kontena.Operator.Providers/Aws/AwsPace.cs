using Kontena.Operator.Providers.Shared;

namespace Kontena.Operator.Providers.Aws;

/// <summary>How fast an account is called: at EC2's own buckets or below, since one account is rarely ours alone.</summary>
internal static class AwsPace
{
    // Describe* refills 20/s, RunInstances 2/s with a burst of 5 (EC2 "Request throttling"); Cluster API's AWS provider paces the same (scope/session.go).
    public static ResilienceOptions Options { get; } = new()
    {
        Reads = new CallFamilyOptions { PerSecond = 20, Burst = 100 },
        Creates = new CallFamilyOptions { PerSecond = 2, Burst = 5, AttemptDeadline = TimeSpan.FromSeconds(40) },
        Deletes = new CallFamilyOptions { PerSecond = 5, Burst = 20 },
        // Calls that change refill 5/s; one call here is a read or two, and mostly one that changes.
        Firewalls = new CallFamilyOptions { PerSecond = 2, Burst = 20 },
    };
}
