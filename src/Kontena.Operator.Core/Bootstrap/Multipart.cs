using System.Security.Cryptography;
using System.Text;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// Our cloud-config and a user's own user-data as one MIME document for cloud-init. The user's part comes first: a later part is
/// merged into the earlier ones by its own rules, so that ours decides how. Lists (packages, files, commands) become theirs and
/// then ours: of two files with one path the later is written last. Other values stay the user's.
/// </summary>
internal static class Multipart
{
    private const string MergeType = "list(append)+dict(no_replace,recurse_list)+str()";

    public static byte[] Render(string ours, byte[] theirs, string theirType)
    {
        var part = UserDataKind.IsMime(theirs) ? Encoding.UTF8.GetString(theirs).ReplaceLineEndings("\n").TrimEnd('\n') + "\n" : Part(theirs, theirType);
        // Unknown to whoever writes the parts, so none can hold it; the same for the same parts.
        var boundary = $"kontena-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ours + part)))[..24]}";
        return Encoding.UTF8.GetBytes($"""
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="{boundary}"

            --{boundary}
            {part}
            --{boundary}
            Content-Type: text/cloud-config; charset="us-ascii"
            Content-Transfer-Encoding: 7bit
            Content-Disposition: attachment; filename="kontena.yaml"
            Merge-Type: {MergeType}

            {ours}
            --{boundary}--

            """);
    }

    private static string Part(byte[] data, string type)
    {
        var plain = data.All(b => b is (byte)'\n' or (byte)'\t' or (>= (byte)' ' and <= (byte)'~'));
        return $"""
            Content-Type: {type}
            Content-Transfer-Encoding: {(plain ? "7bit" : "base64")}
            Content-Disposition: attachment; filename="user-data"

            {(plain ? Encoding.ASCII.GetString(data) : Convert.ToBase64String(data, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n"))}
            """;
    }
}
