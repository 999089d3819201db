using System.Globalization;
using System.Net;

namespace Kontena.Operator.Core.Grids;

/// <summary>Lists of subnets, which are compared as sets of networks.</summary>
public static class TrustedSubnets
{
    public static bool Same(IEnumerable<string> one, IEnumerable<string> other) =>
        one.Select(Network).ToHashSet(StringComparer.Ordinal).SetEquals(other.Select(Network));

    /// <summary>10.1.2.3/16 is 10.1.0.0/16.</summary>
    private static string Network(string subnet)
    {
        if (subnet.Split('/') is not [var address, var prefix] || !IPAddress.TryParse(address, out var ip) || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return subnet;
        var bytes = ip.GetAddressBytes();
        if (length < 0 || length > bytes.Length * 8) return subnet;
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= unchecked((byte)(0xFF << Math.Clamp(8 * (i + 1) - length, 0, 8)));
        return $"{new IPAddress(bytes)}/{length}";
    }
}
