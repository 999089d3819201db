using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>An entry of <c>write_files</c>.</summary>
/// <param name="Deferred">Written after the packages (<c>defer: true</c>).</param>
internal sealed record WrittenFile(string Path, byte[] Content, int Mode, bool Append, bool Deferred)
{
    private const int UsualMode = 0x1a4; // 0644
    private const int MostMode = 0xfff; // 07777

    public override string ToString() => Path;

    public static WrittenFile? Read(YamlMappingNode node, Action<string> say)
    {
        if (node.Text("path") is not { Length: > 0 } path)
        {
            say("an entry of write_files has no path");
            return null;
        }
        try
        {
            return new(path, Decode(node.Text("encoding"), node.Text("content") ?? "", say), Permissions(node.Field("permissions") as YamlScalarNode, say), node.Flag("append"), node.Flag("defer"));
        }
        catch (Exception e) when (e is FormatException or UserDataException)
        {
            say($"write_files: the content of {path} cannot be decoded");
            return null;
        }
    }

    private static byte[] Decode(string? encoding, string content, Action<string> say)
    {
        switch (encoding?.ToLowerInvariant())
        {
            case "b64" or "base64":
                return Convert.FromBase64String(content);
            case "gz+b64" or "gz+base64" or "gzip+b64" or "gzip+base64":
                return UserDataParts.Unzip(Convert.FromBase64String(content));
            case null or "" or "text/plain":
                return Encoding.UTF8.GetBytes(content);
            case "gz" or "gzip":
                throw new UserDataException("gzip needs base64 in YAML");
            default:
                say($"write_files: Unknown encoding type {encoding}, assuming text/plain");
                return Encoding.UTF8.GetBytes(content);
        }
    }

    /// <summary>
    /// "0600" in quotes is octal text. A plain 0600 is a number to YAML 1.1 and read as octal there as well; a plain 600 is six hundred in decimal,
    /// which cloud-init takes as the bits of 01130 (cc_write_files.py, decode_perms).
    /// </summary>
    private static int Permissions(YamlScalarNode? node, Action<string> say)
    {
        if (node?.Value is not { Length: > 0 } text) return UsualMode;
        var number = node.Style == ScalarStyle.Plain && text[0] != '0';
        if (number && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)) return bits & MostMode;
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        if (digits.Length is > 0 and <= 5 && digits.All(c => c is >= '0' and <= '7')) return Convert.ToInt32(digits, 8);
        say($"write_files: Undecodable permissions '{text}', returning default");
        return UsualMode;
    }
}
