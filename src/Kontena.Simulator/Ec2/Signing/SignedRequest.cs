namespace Kontena.Simulator.Ec2.Signing;

/// <summary>The parts of an HTTP request that Signature Version 4 covers.</summary>
/// <param name="Path">As sent, still percent-encoded.</param>
/// <param name="Query">As sent, without the question mark.</param>
/// <param name="Headers">Every header line; a name may come more than once.</param>
internal sealed record SignedRequest(
    string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    public string? Header(string name)
    {
        foreach (var header in Headers)
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)) return header.Value;
        return null;
    }
}
