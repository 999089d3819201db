using System.Text;

namespace Kontena.Fuzz.Targets;

/// <summary>A request as a corpus file holds it: <c>METHOD path media-type</c> on the first line, then the body.</summary>
internal sealed record HttpInput(string Method, string Path, string MediaType, byte[] Body)
{
    public static HttpInput? Parse(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        return end >= 0 && Encoding.Latin1.GetString(input, 0, end).Split(' ') is [var method, ['/', ..] path, var type]
            ? new HttpInput(method, path, type, input[(end + 1)..])
            : null;
    }
}
