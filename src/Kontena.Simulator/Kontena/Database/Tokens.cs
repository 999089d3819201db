namespace Kontena.Simulator.Kontena.Database;

/// <summary>Random values from a seed: the same calls in the same order give the same ones. Not secrets worth the name: they open a simulator. Call under the database's lock.</summary>
internal sealed class Tokens(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>64 bytes in base64: what SecureRandom.base64(64) makes.</summary>
    public string Next() => Convert.ToBase64String(Bytes(64));

    public string Hex(int bytes) => Convert.ToHexStringLower(Bytes(bytes));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
