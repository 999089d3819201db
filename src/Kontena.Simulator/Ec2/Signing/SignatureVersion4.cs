using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Kontena.Simulator.Ec2.Signing;

/// <summary>
/// AWS Signature Version 4 from the published description: canonical request, string to sign, derived key. Written apart from
/// any signer, because this side exists to find out whether the signer is right. Paths are not normalised: EC2 and STS have one, "/".
/// </summary>
internal static partial class SignatureVersion4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public static string Sign(SignedRequest request, CredentialScope scope, string timestamp, IReadOnlyList<string> signedHeaders, string secret)
    {
        var canonical = CanonicalRequest(request, signedHeaders);
        var toSign = StringToSign(canonical, scope, timestamp);
        return Convert.ToHexStringLower(HMACSHA256.HashData(SigningKey(secret, scope), Encoding.UTF8.GetBytes(toSign)));
    }

    public static string CanonicalRequest(SignedRequest request, IReadOnlyList<string> signedHeaders)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n').Append(request.Path).Append('\n').Append(CanonicalQuery(request.Query)).Append('\n');
        foreach (var name in signedHeaders)
        {
            var values = request.Headers.Where(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase));
            text.Append(name).Append(':').AppendJoin(',', values.Select(h => Spaces().Replace(h.Value.Trim(), " "))).Append('\n');
        }
        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(PayloadHash(request.Body.Span));
        return text.ToString();
    }

    public static string PayloadHash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static string StringToSign(string canonicalRequest, CredentialScope scope, string timestamp) => string.Create(
        CultureInfo.InvariantCulture, $"{Algorithm}\n{timestamp}\n{scope}\n{PayloadHash(Encoding.UTF8.GetBytes(canonicalRequest))}");

    private static byte[] SigningKey(string secret, CredentialScope scope)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in new[] { scope.Date, scope.Region, scope.Service, CredentialScope.Terminator })
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return key;
    }

    private static string CanonicalQuery(string query)
    {
        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Encode(pair[0]), Value: pair.Length == 2 ? Encode(pair[1]) : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Encode(string sent) => Uri.EscapeDataString(Uri.UnescapeDataString(sent));

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}

/// <summary>Day, region and service that a signature is good for.</summary>
internal sealed record CredentialScope(string Date, string Region, string Service)
{
    public const string Terminator = "aws4_request";

    public override string ToString() => $"{Date}/{Region}/{Service}/{Terminator}";
}
