using System.Security.Cryptography;
using System.Text;

namespace Kontena.Standalone.Certificates;

/// <summary>The one bearer token of the server's one user.</summary>
internal sealed class AccessToken
{
    private const string Scheme = "Bearer ";

    private readonly byte[] digest;

    private AccessToken(string value)
    {
        Value = value;
        digest = Digest(value);
    }

    public string Value { get; }

    public static AccessToken LoadOrCreate(string path)
    {
        if (!File.Exists(path)) PrivateFiles.Write(path, RandomNumberGenerator.GetHexString(64, lowercase: true));
        return new AccessToken(File.ReadAllText(path).Trim());
    }

    /// <summary>Digests are compared, in fixed time: neither the length nor a common beginning shows in the answer's delay.</summary>
    public bool Permits(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
