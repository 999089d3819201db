using System.Security.Cryptography;
using System.Text;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// The name of an owner's firewall in a network: found again by it after a crash between the create call and its answer. The hash keeps two
/// installations, and two objects of one name one after the other, apart.
/// </summary>
public static class FirewallName
{
    private const int LongestOwner = 60;

    /// <param name="ownerName">The object's name, for people who read the provider's console.</param>
    /// <returns>At most 100 characters of a-z, 0-9, dots and dashes, e.g. <c>kontena-pool-web-2f6c1d0a9b3e</c>.</returns>
    public static string Of(FirewallMarks marks, string ownerName, string network)
    {
        var content = $"{marks.Installation}\n{marks.Owner}\n{marks.OwnerUid}\n{network}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..12];
        var shown = ownerName.Length <= LongestOwner ? ownerName : ownerName[..LongestOwner];
        return $"kontena-{(marks.Owner == FirewallOwner.Grid ? "grid" : "pool")}-{shown}-{hash}";
    }
}
