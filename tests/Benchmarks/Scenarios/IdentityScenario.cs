using System.Diagnostics;
using Kontena.Benchmarks.Reporting;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Identity;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>One look at the ids of 10,000 nodes at two Masters, 200 of them shared: the first, and the median of those after it, each with one new connection.</summary>
internal static class IdentityScenario
{
    private const int Nodes = 10_000;
    private const int Looks = 101;

    public static void Run(ResultTable table)
    {
        var claims = Enumerable.Range(0, Nodes).Select(Claim).ToArray();
        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        // Compiled before it is measured.
        for (var warm = 0; warm < 20; warm++) IdConflicts.Of(claims, IdConflicts.Of(claims, IdMemory.Empty, now).Memory, now);
        var first = Time(() => IdConflicts.Of(claims, IdMemory.Empty, now));
        var memory = first.Found.Memory;
        var took = new List<double>();
        for (var look = 1; look <= Looks; look++)
        {
            claims[look] = claims[look] with { ConnectedAt = now.AddSeconds(look) };
            var (milliseconds, found) = Time(() => IdConflicts.Of(claims, memory, now.AddSeconds(look)));
            memory = found.Memory;
            took.Add(milliseconds);
        }
        took.Sort();
        table.Note($"one look at {Nodes} claims of ids, {first.Found.Conflicts.Count} of them conflicts: the first {first.Milliseconds:F1} ms, each after that {took[Looks / 2]:F1} ms, the slowest {took[^1]:F1} ms (target 20 ms)");
    }

    private static NodeClaim Claim(int i)
    {
        var shared = i % 100 < 2;
        var id = EngineId.Of(shared ? $"SHARED-{i / 100}" : $"{i:D4}:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7:5RC7");
        return new NodeClaim
        {
            Claimant = new Claimant(i % 2 == 0 ? "default/one" : "default/two", $"web-{i}-0a1b2c3d") { NodeUid = $"0b6f3a52-5b1c-4c59-9d8e-{i:D12}", Node = $"default/web-{i}", PoolUid = "pool" },
            Master = i % 2 == 0 ? "one" : "two",
            AtMaster = id,
            Recorded = id,
            Mode = IdentityMode.Engine,
            JoinedAt = DateTimeOffset.UnixEpoch.AddSeconds(i),
            ConnectedAt = DateTimeOffset.UnixEpoch.AddSeconds(i),
            Joined = true,
            Connected = true,
            Address = $"10.0.{i / 250}.{i % 250}",
            MachineAddresses = [$"10.0.{i / 250}.{i % 250}"],
            Account = "aws eu-west-1",
            Image = $"ami-{i % 7}",
        };
    }

    private static (double Milliseconds, IdFindings Found) Time(Func<IdFindings> look)
    {
        var watch = Stopwatch.StartNew();
        var found = look();
        return (watch.Elapsed.TotalMilliseconds, found);
    }
}
