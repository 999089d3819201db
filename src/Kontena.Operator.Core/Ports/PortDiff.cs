namespace Kontena.Operator.Core.Ports;

/// <summary>
/// What makes a firewall's rules the wanted ones. Everything of <see cref="Open"/> is opened before anything of <see cref="Close"/> is closed: then
/// a flow that both the old and the new rules let in is never refused in between. All three are in the order of <see cref="PortRules.Canonical"/>.
/// </summary>
/// <param name="Open">Wanted, and not there as exactly this rule. Nothing that is open, by whoever, is opened again.</param>
/// <param name="Close">Ours, and not wanted.</param>
/// <param name="Foreign">Not ours and not wanted. They stay, and are told of.</param>
public sealed record PortDiff(IReadOnlyList<PortRule> Open, IReadOnlyList<PortRule> Close, IReadOnlyList<PortRule> Foreign)
{
    /// <summary>There is nothing to do.</summary>
    public bool IsEmpty => Open.Count == 0 && Close.Count == 0;

    /// <param name="have">As the provider shows them, in no order.</param>
    /// <param name="want">One protocol, range and source each. A rule that is wider than a wanted one does not stand for it: it may go, and is another's to judge.</param>
    public static PortDiff Of(IReadOnlyList<FirewallRule> have, IReadOnlyList<PortRule> want)
    {
        var wanted = new HashSet<PortRule>(want);
        var there = new HashSet<PortRule>(have.Count);
        var close = new HashSet<PortRule>();
        var foreign = new HashSet<PortRule>();
        foreach (var (rule, ours) in have)
        {
            there.Add(rule);
            if (!wanted.Contains(rule)) (ours ? close : foreign).Add(rule);
        }
        wanted.ExceptWith(there);
        return new PortDiff(Sorted(wanted), Sorted(close), Sorted(foreign));
    }

    private static PortRule[] Sorted(HashSet<PortRule> rules) => rules.Count == 0 ? [] : [.. rules.Order(PortRuleOrder.Instance)];
}
