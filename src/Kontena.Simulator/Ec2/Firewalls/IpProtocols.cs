using System.Globalization;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>Protocols as EC2 names them: four by name, all as -1, any other by its number.</summary>
internal static class IpProtocols
{
    public const string All = "-1";

    /// <summary>EC2's own form of a protocol: <c>6</c> is stored, and shown, as <c>tcp</c>.</summary>
    public static string Canonical(string asked) => asked switch
    {
        "tcp" or "6" => "tcp",
        "udp" or "17" => "udp",
        "icmp" or "1" => "icmp",
        "icmpv6" or "58" => "icmpv6",
        All => All,
        _ when byte.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Refusal.InvalidValue($"Invalid value '{asked}' for IP protocol. Unknown protocol."),
    };

    /// <summary>The number behind a canonical form; -1 for all.</summary>
    public static int Number(string canonical) => canonical switch
    {
        "tcp" => 6,
        "udp" => 17,
        "icmp" => 1,
        "icmpv6" => 58,
        _ => int.Parse(canonical, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// The range of ports as EC2 stores it: checked for TCP and UDP, types and codes for ICMP, and nothing for all other protocols, where EC2 ignores
    /// what was asked for (IpPermission in the API reference).
    /// </summary>
    public static (int? From, int? To) Ports(string canonical, int? from, int? to) => canonical switch
    {
        "tcp" or "udp" when from is null || to is null => throw Refusal.InvalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."),
        "tcp" or "udp" when from is < 0 or > 65535 => throw OutOfRange("from", from.Value),
        "tcp" or "udp" when to is < 0 or > 65535 => throw OutOfRange("to", to.Value),
        "tcp" or "udp" when from > to => throw Refusal.InvalidValue($"Invalid TCP/UDP port range ({from}:{to})"),
        "tcp" or "udp" => (from, to),
        "icmp" when from is null || to is null => throw Refusal.InvalidValue("Invalid value for portRange. Must specify both from and to ports with ICMP."),
        "icmp" or "icmpv6" when from is < -1 or > 255 || to is < -1 or > 255 || (from == -1 && to != -1) =>
            throw Refusal.InvalidValue($"ICMP code ({to}) is not valid with ICMP type ({from})"),
        "icmp" or "icmpv6" => (from ?? -1, to ?? -1),
        _ => (null, null),
    };

    private static ApiException OutOfRange(string which, int port) => Refusal.InvalidValue($"TCP/UDP ({which}) port ({port}) out of range");
}
