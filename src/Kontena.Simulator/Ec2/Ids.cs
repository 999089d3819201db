using System.Globalization;

namespace Kontena.Simulator.Ec2;

/// <summary>Ids as EC2 gives them, from a seed: the same calls in the same order give the same ids.</summary>
internal sealed class Ids(int seed)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    /// <summary><c>prefix-0</c> and sixteen hexadecimal digits.</summary>
    public string Resource(string prefix) => prefix + "-0" + Hex();

    /// <summary>A resource id that depends on a name only, so that it is the same in every run and under every seed.</summary>
    public static string Named(string prefix, string name)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name));
        return prefix + "-0" + Convert.ToHexStringLower(hash.AsSpan(0, 8));
    }

    public string Request()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (gate) random.NextBytes(bytes);
        return new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
    }

    public string Upper(int length) => Letters(Alphabet, length);

    /// <summary>Not a secret worth the name: it opens a simulator, and must repeat with its seed.</summary>
    public string Secret(int length) => Letters(SecretAlphabet, length);

    private string Letters(string alphabet, int length)
    {
        lock (gate) return string.Create(length, (random, alphabet), static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = from.alphabet[from.random.Next(from.alphabet.Length)];
        });
    }

    private string Hex()
    {
        Span<byte> bytes = stackalloc byte[8];
        lock (gate) random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
