using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// Sets of rules, seen as the flows that they let in: a flow has one protocol, one port and one source address. Pure, and independent of the
/// order in which rules are given.
/// </summary>
public static class PortRules
{
    /// <summary>
    /// The same flows in few rules: ranges of one protocol and source joined, networks of one protocol and range joined to their exact common
    /// prefix, and rules dropped that another one covers. Ordered by protocol, ports and source. Canonical rules stay as they are.
    /// </summary>
    public static IReadOnlyList<PortRule> Canonical(IEnumerable<PortRule> rules)
    {
        List<PortRule> now = [.. rules.Select(Plain).Distinct()];
        int before;
        do
        {
            // Joined networks may have ranges that join, and the other way round. Each step leaves fewer rules or the same ones.
            before = now.Count;
            now = JoinRanges(now);
            now = JoinNetworks(now);
            now = DropCovered(now);
        }
        while (now.Count < before);
        now.Sort(PortRuleOrder.Instance);
        return now;
    }

    /// <summary>True where <paramref name="rules"/>, one or several together, let in every flow of <paramref name="wanted"/>.</summary>
    /// <param name="members">
    /// The addresses for which <see cref="RuleSource.Members"/> stands, as far as they are known: rules that name all of them cover it too. Null or
    /// empty where none is known; then only rules for every IPv4 address do.
    /// </param>
    public static bool Cover(IEnumerable<PortRule> rules, PortRule wanted, IReadOnlyList<IPNetwork>? members = null)
    {
        var some = rules.Where(r => (r.Protocol == wanted.Protocol || r.Protocol == IpProtocol.Any) && Ports(r).From <= wanted.Ports.To && Ports(r).To >= wanted.Ports.From).ToList();
        // Between two neighbouring bounds the same rules apply to every port: the first port stands for all.
        return some.Select(r => Ports(r).From).Concat(some.Select(r => Ports(r).To + 1)).Append(wanted.Ports.From)
            .Where(port => port >= wanted.Ports.From && port <= wanted.Ports.To)
            .Distinct()
            .All(port => CoverSource([.. some.Where(r => Ports(r).From <= port && port <= Ports(r).To).Select(r => r.Source)], wanted.Source, members));
    }

    private static bool CoverSource(IReadOnlyList<RuleSource> sources, RuleSource wanted, IReadOnlyList<IPNetwork>? members)
    {
        if (sources.Contains(wanted)) return true;
        var networks = sources.OfType<RuleSource.Network>().Select(n => n.Addresses);
        return wanted switch
        {
            RuleSource.Network network => NetworkSet.Covers(networks, network.Addresses),
            RuleSource.Members when members is { Count: > 0 } => members.All(m => NetworkSet.Covers(networks, m)),
            RuleSource.Members => NetworkSet.Covers(networks, new IPNetwork(IPAddress.Any, 0)),
            _ => false,
        };
    }

    private static PortRange Ports(PortRule rule) => rule.Protocol.HasPorts ? rule.Ports : PortRange.All;

    private static PortRule Plain(PortRule rule)
    {
        var source = rule.Source is RuleSource.Network network ? new RuleSource.Network(AddressSpan.Of(network.Addresses).Networks().Single()) : rule.Source;
        return rule with { Ports = Ports(rule), Source = source };
    }

    private static List<PortRule> JoinRanges(List<PortRule> rules)
    {
        List<PortRule> joined = [];
        foreach (var group in rules.GroupBy(r => (r.Protocol, r.Source)))
        {
            PortRange? open = null;
            foreach (var range in group.Select(r => r.Ports).OrderBy(p => p.From))
            {
                if (open is { } last && range.From <= last.To + 1)
                {
                    open = last with { To = Math.Max(last.To, range.To) };
                    continue;
                }
                if (open is { } done) joined.Add(new PortRule(group.Key.Protocol, done, group.Key.Source));
                open = range;
            }
            joined.Add(new PortRule(group.Key.Protocol, open!.Value, group.Key.Source));
        }
        return joined;
    }

    private static List<PortRule> JoinNetworks(List<PortRule> rules)
    {
        List<PortRule> joined = [];
        foreach (var group in rules.GroupBy(r => (r.Protocol, r.Ports)))
        {
            joined.AddRange(group.Where(r => r.Source is not RuleSource.Network));
            joined.AddRange(NetworkSet.Fewest(group.Select(r => r.Source).OfType<RuleSource.Network>().Select(n => n.Addresses)).Select(n => new PortRule(group.Key.Protocol, group.Key.Ports, new RuleSource.Network(n))));
        }
        return joined;
    }

    /// <summary>Drops rules that a rule for a wider network covers alone.</summary>
    private static List<PortRule> DropCovered(List<PortRule> rules)
    {
        var byNetwork = rules.Where(r => r.Source is RuleSource.Network)
            .GroupBy(r => (r.Protocol, Span(r)))
            .ToDictionary(g => g.Key, g => g.Select(r => r.Ports).ToList());
        var lengths = byNetwork.Keys.Select(k => (k.Item2.V6, Size: k.Item2.Last - k.Item2.First)).Distinct().ToList();
        return [.. rules.Where(r => r.Source is not RuleSource.Network || !lengths.Any(l => IsCovered(r, l.V6, l.Size)))];

        bool IsCovered(PortRule rule, bool v6, UInt128 size)
        {
            var span = Span(rule);
            if (span.V6 != v6 || span.Last - span.First >= size) return false;
            var wider = new AddressSpan(v6, span.First & ~size, span.First | size);
            return byNetwork.TryGetValue((rule.Protocol, wider), out var ranges) && ranges.Exists(p => p.Covers(rule.Ports));
        }
    }

    private static AddressSpan Span(PortRule rule) => AddressSpan.Of(((RuleSource.Network)rule.Source).Addresses);
}
