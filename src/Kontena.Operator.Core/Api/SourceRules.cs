using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Core.Api;

/// <summary>What must hold of every list of <c>sources</c>, beyond the shape of its items.</summary>
internal static partial class SourceRules
{
    public const string Ipv6 = "self.all(s, !s.contains(':') || s.matches('" + Patterns.Cidr6 + "'))";

    public const string NoIpv6 = "a network with colons is an IPv6 network: eight groups of hexadecimal digits, or fewer with :: once, e.g. 2001:db8::/32";

    /// <returns>Paths relative to the record that has the list, as its <c>sources</c>.</returns>
    public static IEnumerable<FieldError> Broken(IReadOnlyList<string> sources)
    {
        if (sources.Any(s => s.Contains(':', StringComparison.Ordinal) && !Cidr6().IsMatch(s))) yield return new(".sources", FieldErrorKind.Invalid, NoIpv6, FieldErrorSource.Rule);
        for (var i = 0; i < sources.Count; i++)
            if (HostBits(sources[i]) is { } said)
                yield return new(string.Create(CultureInfo.InvariantCulture, $".sources[{i}]"), FieldErrorKind.Invalid, said, FieldErrorSource.Operator);
    }

    // CEL has no address arithmetic before Kubernetes 1.30, so only we say this. A provider cuts such bits off in silence, or refuses the rule.
    private static string? HostBits(string source)
    {
        if (!IPNetwork.TryParse(source, out var network)) return null;
        var address = IPAddress.Parse(source.AsSpan(0, source.IndexOf('/', StringComparison.Ordinal)));
        return address.Equals(network.BaseAddress)
            ? null
            : $"{source} is an address within {network}: write {network} for the whole network, or {address}/{address.GetAddressBytes().Length * 8} for that address alone";
    }

    [GeneratedRegex(Patterns.Cidr6)]
    private static partial Regex Cidr6();
}
