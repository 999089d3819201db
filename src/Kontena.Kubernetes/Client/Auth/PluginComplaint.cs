using System.Text.RegularExpressions;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>
/// What may be repeated of a plugin's stderr. Plugins print what they were doing, sometimes with the secret in it, and our
/// messages end in logs and conditions.
/// </summary>
internal static partial class PluginComplaint
{
    private const int MaxLength = 300;
    private const string Hidden = "(hidden)";

    /// <param name="secrets">Values that are known to be none of a log's business.</param>
    public static string Excerpt(string stderr, IEnumerable<string> secrets)
    {
        var text = Blanks().Replace(stderr, " ").Trim();
        // Short values ("1", "eu-west-1") are settings, and hiding them would garble every sentence.
        foreach (var secret in secrets.Where(s => s.Length >= 8)) text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        text = NamedSecret().Replace(text, match => match.Groups[1].Value + Hidden);
        text = LongWord().Replace(text, Hidden);
        return text.Length == 0 ? "it said nothing" : Bound(text);
    }

    public static string Bound(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blanks();

    // token=…, "password": "…", Authorization: Bearer …
    [GeneratedRegex("""((?:token|secret|password|passwd|key|credential|authorization|bearer)[^\s:=]{0,20}["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?|bearer\s+)[^\s"',;]+""",
        RegexOptions.IgnoreCase)]
    private static partial Regex NamedSecret();

    // Tokens and keys: an unbroken run of 20 characters with a digit or a capital in it. Words, host names and paths in
    // lower case have none and stay readable.
    [GeneratedRegex("""(?=[^\s"',;]*[0-9A-Z])[^\s"',;]{20,}""")]
    private static partial Regex LongWord();
}
