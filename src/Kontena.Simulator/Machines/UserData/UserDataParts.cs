using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>Takes user-data apart as cloud-init does: gzip, MIME multipart (nested too), or one part known by its first line.</summary>
internal static class UserDataParts
{
    /// <summary>Protects against an archive of nothing but zeros; EC2 takes 16 KiB, which text does not blow up beyond this.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    public static bool IsGzip(ReadOnlySpan<byte> data) => data is [0x1f, 0x8b, ..];

    /// <exception cref="UserDataException">It is no user-data that cloud-init could read.</exception>
    public static IReadOnlyList<UserDataPart> Split(byte[] data)
    {
        var text = Encoding.UTF8.GetString(IsGzip(data) ? Unzip(data) : data);
        return IsMime(text) ? SplitMime(text) : [new(TypeOf(text), text, null)];
    }

    /// <exception cref="UserDataException">It is not gzip to its end, or unreasonably large.</exception>
    public static byte[] Unzip(byte[] data)
    {
        try
        {
            using var zipped = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
            var buffer = new byte[64 * 1024];
            using var plain = new MemoryStream();
            for (var read = zipped.Read(buffer); read > 0; read = zipped.Read(buffer))
            {
                plain.Write(buffer, 0, read);
                if (plain.Length > MostBytes) throw new UserDataException("the unpacked gzip data is larger than 4 MiB");
            }
            // The stream ends in silence where the data is cut; the length at the end of whole data tells (RFC 1952, ISIZE).
            return plain.Length > 0 && BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(data.Length - 4)) == plain.Length ? plain.ToArray()
                : throw new UserDataException("the gzip data is empty or cut off");
        }
        catch (InvalidDataException)
        {
            throw new UserDataException("the gzip data is damaged");
        }
    }

    private static bool IsMime(string text) =>
        text.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("MIME-Version:", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("From ", StringComparison.Ordinal);

    /// <summary>The first line decides (cloudinit/handlers/__init__.py, INCLUSION_TYPES_MAP).</summary>
    private static string TypeOf(string text) => text switch
    {
        _ when text.StartsWith("#cloud-config", StringComparison.Ordinal) => "text/cloud-config",
        _ when text.StartsWith("#!", StringComparison.Ordinal) => "text/x-shellscript",
        _ when text.StartsWith("#cloud-boothook", StringComparison.Ordinal) => "text/cloud-boothook",
        _ when text.StartsWith("## template: jinja", StringComparison.Ordinal) => "text/jinja2",
        _ when text.StartsWith("#include", StringComparison.Ordinal) => "text/x-include-url",
        _ => "text/x-not-multipart",
    };

    private static List<UserDataPart> SplitMime(string text)
    {
        // MIME lines end in CRLF; user-data is written with LF, which Python's parser takes and this framework's does not.
        var lines = text.ReplaceLineEndings("\r\n");
        var end = lines.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) throw new UserDataException("the MIME message has no body");
        var headers = Headers(lines[..end]);
        return Parts(headers, lines[(end + 4)..]);
    }

    private static List<UserDataPart> Parts(Dictionary<string, string> headers, string body)
    {
        if (!MediaTypeHeaderValue.TryParse(headers.GetValueOrDefault("Content-Type", "text/plain"), out var type))
            throw new UserDataException("the MIME message's Content-Type cannot be read");
        if (type.Type == "multipart") return Multipart(type, body);
        var plain = Decode(headers.GetValueOrDefault("Content-Transfer-Encoding"), body).ReplaceLineEndings("\n");
        var name = type.MediaType.ToString();
        // cloud-init looks at the first line where the sender left the type open.
        if (name is "text/plain" or "text/x-not-multipart") name = TypeOf(plain);
        return [new(name, plain, headers.GetValueOrDefault("Merge-Type") ?? headers.GetValueOrDefault("X-Merge-Type"))];
    }

    private static List<UserDataPart> Multipart(MediaTypeHeaderValue type, string body)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length == 0) throw new UserDataException("the MIME message has no boundary");
        // Python's parser takes a message whose end is missing, and with it the part that was cut.
        if (!body.Contains($"--{boundary}--", StringComparison.Ordinal)) body += $"\r\n--{boundary}--\r\n";
        var reader = new MultipartReader(boundary, new MemoryStream(Encoding.UTF8.GetBytes(body)));
        var parts = new List<UserDataPart>();
        try
        {
            // A stream in memory never waits, so nothing is blocked here.
            while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } section)
            {
                using var content = new StreamReader(section.Body, Encoding.UTF8);
                var headers = (section.Headers ?? []).ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                parts.AddRange(Parts(headers, content.ReadToEnd()));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new UserDataException("the MIME message ends before its last boundary");
        }
        return parts;
    }

    private static string Decode(string? encoding, string body)
    {
        if (!string.Equals(encoding?.Trim(), "base64", StringComparison.OrdinalIgnoreCase)) return body;
        try
        {
            var bytes = Convert.FromBase64String(body);
            return Encoding.UTF8.GetString(IsGzip(bytes) ? Unzip(bytes) : bytes);
        }
        catch (FormatException)
        {
            throw new UserDataException("a MIME part says base64 and is not");
        }
    }

    private static Dictionary<string, string> Headers(string text)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        return headers;
    }
}
