using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>Signature Version 4, written from AWS's documentation, to check the runtime's signature independently of it.</summary>
internal static class SigV4
{
    /// <param name="canonicalQuery">Already sorted and encoded.</param>
    /// <param name="headers">The signed headers, names in lower case.</param>
    public static string Sign(
        string secret, string region, string service, string timestamp, string method, string path, string canonicalQuery,
        IReadOnlyDictionary<string, string> headers, string body)
    {
        var ordered = headers.OrderBy(h => h.Key, StringComparer.Ordinal).ToList();
        var canonical = string.Join('\n', method, path, canonicalQuery,
            string.Concat(ordered.Select(h => $"{h.Key}:{h.Value.Trim()}\n")), string.Join(';', ordered.Select(h => h.Key)), Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body))));
        var date = timestamp[..8];
        var scope = string.Create(CultureInfo.InvariantCulture, $"{date}/{region}/{service}/aws4_request");
        var toSign = string.Join('\n', "AWS4-HMAC-SHA256", timestamp, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Mac(Mac(Mac(Mac(Encoding.UTF8.GetBytes("AWS4" + secret), date), region), service), "aws4_request");
        return Hex(Mac(key, toSign));
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
