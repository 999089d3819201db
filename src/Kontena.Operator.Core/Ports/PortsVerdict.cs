using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Pools;

namespace Kontena.Operator.Core.Ports;

/// <summary>What is said of a machine's ways in: from the rules that were read back, never from those that were asked for.</summary>
/// <param name="Status">Of <see cref="ConditionStatus"/>.</param>
/// <param name="Reason">Of <see cref="PortsReasons"/>, or a provider's refusal.</param>
/// <param name="Message">What is closed and where, and what to do.</param>
/// <param name="OverlayOpen">Members reach the overlay's TCP and UDP ports; null where nobody asks for it or it is not known.</param>
/// <param name="EspOpen">The same of ESP.</param>
public sealed record PortsVerdict(string Status, string Reason, string Message, bool? OverlayOpen, bool? EspOpen)
{
    public static PortsVerdict Of(PortsSeen seen)
    {
        if (seen.Attached is not { } attached) return NotRead(seen);
        var rules = attached.SelectMany(f => f.Rules).Select(r => r.Rule).Distinct().ToList();
        var ways = seen.Pool.Concat(seen.Members).Select(rule => (Rule: rule, Open: IsOpen(seen, rules, rule))).ToList();
        var (status, reason, message) = Judge(seen, attached, Where(ways, false), Where(ways, null));
        var ofMembers = ways.Skip(seen.Pool.Count).ToList();
        return new PortsVerdict(status, reason, message, All(ofMembers.Where(w => w.Rule.Protocol != IpProtocol.Esp)), All(ofMembers.Where(w => w.Rule.Protocol == IpProtocol.Esp)));
    }

    /// <param name="nodes">The verdicts on the pool's nodes, by name.</param>
    public static PoolVerdict OfPool(IEnumerable<KeyValuePair<string, PortsVerdict>> nodes) =>
        PoolVerdict.Of([.. nodes.Select(n => new NodeVerdict(n.Key, n.Value.Status, n.Value.Reason, n.Value.Message))], "have every way in open that is asked for");

    private static PortsVerdict NotRead(PortsSeen seen) => new(
        ConditionStatus.Unknown, PortsReasons.NotRead,
        "The rules of the machine's firewalls have not been read from the provider yet." + (seen.Trouble is { } trouble ? " " + trouble.Message : ""), null, null);

    private static (string Status, string Reason, string Message) Judge(PortsSeen seen, IReadOnlyList<Firewall> attached, List<PortRule> closed, List<PortRule> unjudged)
    {
        var noWayOut = attached.Count > 0 && !attached.Any(f => f.LetsAllOut) ? PortsWords.NoWayOut(attached) : null;
        if (closed.Count > 0)
        {
            var (reason, cure) = PortsWords.Cure(seen, attached);
            return (ConditionStatus.False, reason, Sentences(PortsWords.Closed(closed, attached), cure, noWayOut));
        }
        if (noWayOut is not null) return (ConditionStatus.False, PortsReasons.EgressClosed, noWayOut);
        if (unjudged.Count > 0) return (ConditionStatus.Unknown, PortsReasons.NotJudged, PortsWords.Unjudged(unjudged, attached));
        return (ConditionStatus.True, PortsReasons.RulesOpen, Sentences("Every way in that is asked for is open.", PortsWords.Foreign(seen, attached)));
    }

    /// <summary>Null where a rule may let them in that names something else than addresses. Where the operator keeps the rules, its own do not depend on that.</summary>
    private static bool? IsOpen(PortsSeen seen, IReadOnlyList<PortRule> rules, PortRule wanted)
    {
        if (PortRules.Cover(rules, wanted, seen.MemberAddresses)) return true;
        if (seen.Managed || !IsOfMembers(wanted.Source)) return false;
        var hopeful = rules.Select(r => r.Source is RuleSource.Other ? r with { Source = wanted.Source } : r);
        return PortRules.Cover(hopeful, wanted, seen.MemberAddresses) ? null : false;
    }

    private static bool IsOfMembers(RuleSource source) => source is RuleSource.Members || (source is RuleSource.Network network && AddressSpan.Of(network.Addresses) is var span && span.First == span.Last);

    private static bool? All(IEnumerable<(PortRule, bool? Open)> ways)
    {
        bool? all = null;
        var unknown = false;
        foreach (var (_, open) in ways)
        {
            if (open == false) return false;
            unknown |= open is null;
            all = true;
        }
        return unknown ? null : all;
    }

    private static List<PortRule> Where(IEnumerable<(PortRule Rule, bool? Open)> ways, bool? open) => [.. ways.Where(w => w.Open == open).Select(w => w.Rule)];

    private static string Sentences(params IEnumerable<string?> sentences) => string.Join(' ', sentences.Where(s => s is { Length: > 0 }));
}
