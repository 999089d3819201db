using System.Security.Cryptography;
using System.Text;

namespace Kontena.Simulator.Overlay;

/// <summary>What a router calls itself: a MAC address that follows from the machine (weave net/uuid.go). Clones that share both ids share the name.</summary>
internal static class PeerName
{
    /// <param name="machineId"><c>/etc/machine-id</c>.</param>
    /// <param name="productUuid"><c>/sys/class/dmi/id/product_uuid</c>.</param>
    public static string Of(string machineId, string productUuid)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(machineId.Trim() + productUuid.Trim())).AsSpan(0, 6).ToArray();
        // Locally administered, and of one card, not of a group.
        bytes[0] = (byte)((bytes[0] | 0x02) & 0xFE);
        return string.Join(':', bytes.Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }
}
