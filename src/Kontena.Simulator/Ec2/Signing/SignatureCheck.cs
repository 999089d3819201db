using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kontena.Simulator.Ec2.Signing;

/// <summary>Verifies a request's signature against the keyring: form, what it covers, age, key, token, and the signature itself.</summary>
internal sealed class SignatureCheck(Keyring keys, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public SignatureVerdict Check(SignedRequest request)
    {
        if (request.Header("Authorization") is not { } header) return new SignatureVerdict.Missing();
        if (AuthorizationHeader.Parse(header) is not { } authorization)
            return new SignatureVerdict.Incomplete("Authorization header is not of the form of AWS4-HMAC-SHA256.");
        if (Uncovered(request, authorization) is { } uncovered) return new SignatureVerdict.Incomplete(uncovered);
        if (request.Header("X-Amz-Date") is not { } stamp || !TryReadTime(stamp, out var at))
            return new SignatureVerdict.Incomplete("Authorization header requires the header 'X-Amz-Date' as yyyyMMddTHHmmssZ.");
        if (keys.SecretOf(authorization.AccessKeyId) is not { } secret) return new SignatureVerdict.UnknownKey(authorization.AccessKeyId);
        if (!stamp.StartsWith(authorization.Scope.Date, StringComparison.Ordinal))
            return new SignatureVerdict.Mismatch("the scope's date is not the request's");
        return CheckSignature(request, authorization, stamp, secret) ?? CheckAge(request, authorization, at)
            ?? new SignatureVerdict.Valid(authorization.AccessKeyId, authorization.Scope);
    }

    /// <summary>The host and every x-amz header must be signed, or a man in the middle could change them.</summary>
    private static string? Uncovered(SignedRequest request, AuthorizationHeader authorization)
    {
        if (!authorization.SignedHeaders.Contains("host", StringComparer.Ordinal))
            return "'Host' must be a 'SignedHeader' in the AWS Authorization.";
        if (!authorization.SignedHeaders.SequenceEqual(authorization.SignedHeaders.Order(StringComparer.Ordinal)))
            return "SignedHeaders must be lower-case and in order.";
        var absent = authorization.SignedHeaders.FirstOrDefault(name => request.Header(name) is null);
        if (absent is not null) return $"The signed header '{absent}' is not in the request.";
        var loose = request.Headers.Select(h => h.Key.ToLowerInvariant())
            .FirstOrDefault(name => name.StartsWith("x-amz-", StringComparison.Ordinal) && !authorization.SignedHeaders.Contains(name, StringComparer.Ordinal));
        return loose is null ? null : $"'{loose}' must be a 'SignedHeader' in the AWS Authorization.";
    }

    private static SignatureVerdict.Mismatch? CheckSignature(SignedRequest request, AuthorizationHeader authorization, string stamp, string secret)
    {
        var declared = request.Header("X-Amz-Content-SHA256");
        if (declared is not null && declared != SignatureVersion4.PayloadHash(request.Body.Span))
            return new SignatureVerdict.Mismatch("X-Amz-Content-SHA256 is not the body's hash");
        var expected = SignatureVersion4.Sign(request, authorization.Scope, stamp, authorization.SignedHeaders, secret);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(authorization.Signature))
            ? null
            : new SignatureVerdict.Mismatch("the signature is not that of this request");
    }

    private SignatureVerdict? CheckAge(SignedRequest request, AuthorizationHeader authorization, DateTimeOffset at)
    {
        var now = time.GetUtcNow();
        if (at < now - Skew) return new SignatureVerdict.Expired($"signed at {at:O}, now is {now:O}");
        if (at > now + Skew) return new SignatureVerdict.Mismatch($"signed in the future, at {at:O}; now is {now:O}");
        var token = request.Header("X-Amz-Security-Token");
        if (keys.Session(authorization.AccessKeyId) is not { } session)
            return token is null ? null : new SignatureVerdict.Mismatch("a session token came with a lasting key");
        if (!session.Opens(token)) return new SignatureVerdict.Mismatch("the session token is missing or wrong");
        return now < session.Expires ? null : new SignatureVerdict.Expired($"the session ended at {session.Expires:O}");
    }

    private static bool TryReadTime(string stamp, out DateTimeOffset at) => DateTimeOffset.TryParseExact(
        stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
}
