using System.Diagnostics;
using System.Net;
using Kontena.Benchmarks.Measurements;
using Kontena.Benchmarks.Reporting;
using Kontena.Operator.Core.Ports;

namespace Kontena.Benchmarks.Scenarios;

/// <summary>What the decisions about a firewall take: in memory, without any server. As many rules as the largest account may have, in no order.</summary>
internal static class PortScenario
{
    private const int Rules = 5000;

    public static void Run(BenchmarkOptions options, ResultTable table)
    {
        var want = Wanted().ToArray();
        new Random(1).Shuffle(want);
        // Half of the rules are to be changed: one in four is missing, as many are ours and not wanted, some are foreign.
        var have = want.Skip(Rules / 4).Select((r, i) => new FirewallRule(i % 3 == 0 ? r with { Ports = PortRange.Of(r.Ports.From + 1) } : r, IsOurs: i % 7 != 0)).ToArray();
        Tell(table, options, $"diff of {Rules} rules: p50, p99 of {options.Changes}", () => PortDiff.Of(have, want).Open.Count, "p99 < 50 ms");
        Tell(table, options, $"canonical form of {Rules} rules: p50, p99 of {options.Changes}", () => PortRules.Canonical(want).Count, "p99 < 200 ms");
    }

    private static void Tell(ResultTable table, BenchmarkOptions options, string what, Func<int> decide, string target)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < options.Changes; i++)
        {
            var watch = Stopwatch.StartNew();
            if (decide() == 0) throw new InvalidOperationException($"{what}: there was nothing to decide");
            times.Add(watch.Elapsed);
        }
        table.Add(ResultTable.NoServer, what, $"{Latencies.Percentile(times, 50):0.0} ms, {Latencies.Percentile(times, 99):0.0} ms", target);
    }

    /// <summary>IPv4 and IPv6, wide and narrow, in pairs that join and ranges that adjoin.</summary>
    private static IEnumerable<PortRule> Wanted()
    {
        for (var i = 0; i < Rules; i++)
        {
            var network = i % 4 == 3
                ? new IPNetwork(IPAddress.Parse($"2001:db8:{i:x}::"), 48)
                : new IPNetwork(new IPAddress([10, (byte)(i / 256), (byte)(i % 256), 0]), 24);
            yield return new PortRule(i % 2 == 0 ? IpProtocol.Tcp : IpProtocol.Udp, PortRange.Of(2 * (i % 40) + 1000), new RuleSource.Network(network));
        }
    }
}
