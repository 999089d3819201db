using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>Address blocks as EC2 stores them: it clears the bits of the host rather than refuse them (IpRange in the API reference).</summary>
internal static class CidrBlocks
{
    /// <summary>The canonical form of a block of either family; null where it is none.</summary>
    public static string? Canonical(string text) =>
        Canonical(text, text.Contains(':') ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    /// <summary>The canonical form of a block of that family; null where it is none.</summary>
    public static string? Canonical(string text, AddressFamily family)
    {
        var parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || address.AddressFamily != family) return null;
        // The parser takes 10.1 and 0x0a000001 for addresses, and a scope behind a percent sign; EC2 does not.
        if (family == AddressFamily.InterNetwork ? address.ToString() != parts[0] : parts[0].Contains('%')) return null;
        var bytes = address.GetAddressBytes();
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bytes.Length * 8) return null;
        for (var bit = prefix; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)(0xFF ^ (0x80 >> (bit % 8)));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{prefix}");
    }
}
