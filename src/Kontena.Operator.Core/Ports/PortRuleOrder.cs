using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>The one order of rules: by protocol, ports, then source (members, IPv4, IPv6, the provider's own words).</summary>
internal sealed class PortRuleOrder : IComparer<PortRule>
{
    public static readonly PortRuleOrder Instance = new();

    public int Compare(PortRule? x, PortRule? y)
    {
        if (x is null || y is null) return Comparer<bool>.Default.Compare(x is not null, y is not null);
        var order = x.Protocol.Number.CompareTo(y.Protocol.Number);
        if (order == 0) order = x.Ports.From.CompareTo(y.Ports.From);
        if (order == 0) order = x.Ports.To.CompareTo(y.Ports.To);
        return order != 0 ? order : Compare(x.Source, y.Source);
    }

    private static int Compare(RuleSource x, RuleSource y) => (x, y) switch
    {
        (RuleSource.Network a, RuleSource.Network b) => Compare(a.Addresses, b.Addresses),
        (RuleSource.Other a, RuleSource.Other b) => string.CompareOrdinal(a.Name, b.Name),
        _ => Rank(x).CompareTo(Rank(y)),
    };

    private static int Compare(IPNetwork x, IPNetwork y)
    {
        var (a, b) = (AddressSpan.Of(x), AddressSpan.Of(y));
        var order = a.V6.CompareTo(b.V6);
        if (order == 0) order = a.First.CompareTo(b.First);
        return order != 0 ? order : b.Last.CompareTo(a.Last);
    }

    private static int Rank(RuleSource source) => source switch
    {
        RuleSource.Members => 0,
        RuleSource.Network => 1,
        RuleSource.Other => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "unknown source"),
    };
}
