using System.Globalization;

namespace Kontena.Operator.Core.Ports;

/// <summary>An IP protocol by its assigned number (IANA "Protocol Numbers"); any for rules that let everything through.</summary>
/// <param name="Number">0 to 255, or -1 for any.</param>
public readonly record struct IpProtocol(int Number)
{
    public static readonly IpProtocol Any = new(-1);

    public static readonly IpProtocol Icmp = new(1);

    public static readonly IpProtocol Tcp = new(6);

    public static readonly IpProtocol Udp = new(17);

    /// <summary>Encapsulating Security Payload (RFC 4303): the encrypted traffic of IPSec.</summary>
    public static readonly IpProtocol Esp = new(50);

    /// <summary>ICMP of IPv6.</summary>
    public static readonly IpProtocol Icmp6 = new(58);

    /// <summary>True for TCP and UDP, whose rules name ports.</summary>
    public bool HasPorts => this == Tcp || this == Udp;

    public override string ToString() => Number switch
    {
        -1 => "any protocol",
        1 => "ICMP",
        6 => "TCP",
        17 => "UDP",
        50 => "ESP",
        58 => "ICMPv6",
        _ => $"protocol {Number.ToString(CultureInfo.InvariantCulture)}",
    };
}
