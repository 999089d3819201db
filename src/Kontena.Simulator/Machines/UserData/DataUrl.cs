using System.Text;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>The contents of a <c>data:</c> URL (RFC 2397), percent-encoded or base64, and gzip where Ignition's <c>compression</c> says so.</summary>
internal static class DataUrl
{
    /// <exception cref="UserDataException">It is no data URL, or not decodable. Other URLs would need the network, which the simulation has not.</exception>
    public static byte[] Read(string url, string? compression)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (!url.StartsWith("data:", StringComparison.Ordinal) || comma < 0) throw new UserDataException("a source is not a data URL");
        var base64 = url[..comma].EndsWith(";base64", StringComparison.Ordinal);
        var bytes = base64 ? Base64(Uri.UnescapeDataString(url[(comma + 1)..])) : Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url[(comma + 1)..]));
        return compression switch
        {
            null or "" => bytes,
            "gzip" => UserDataParts.Unzip(bytes),
            _ => throw new UserDataException($"compression {compression} is not known"),
        };
    }

    private static byte[] Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new UserDataException("a data URL says base64 and is not");
        }
    }
}
