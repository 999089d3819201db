using System.Security.Cryptography;
using System.Text;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// A node's name at the Master: unique beyond its pool and its life, because the Master has one name space a grid, other clusters may use it,
/// too, and a name that is met again must be the same node.
/// </summary>
public static class KontenaName
{
    /// <param name="node">The KontenaNode's name, pool and ordinal.</param>
    /// <param name="uid">Its UID.</param>
    /// <returns>E.g. <c>web-0-3f9a1c07</c>: letters, digits and dashes, which is all that the Master takes.</returns>
    public static string Of(string node, string uid) =>
        $"{node}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(uid)))[..8]}";
}
