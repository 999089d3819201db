using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontena.Operator.Core.Nodes;

/// <summary>The idempotency token of an attempt: the same for every operator that ever replays it.</summary>
public static class Token
{
    /// <returns>64 lower-case hex characters; EC2 takes at most 64 ASCII characters.</returns>
    public static string Of(string nodeUid, int attempt)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"kontena.io/attempt\n{nodeUid}\n{attempt}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
