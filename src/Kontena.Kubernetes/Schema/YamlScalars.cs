using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// What a plain (unquoted) YAML scalar means. <c>kubectl</c> reads YAML 1.1, where <c>yes</c> and <c>on</c> are booleans:
/// the same here, so that a file means the same to both.
/// </summary>
internal static partial class YamlScalars
{
    private static readonly HashSet<string> Nulls = new(StringComparer.Ordinal) { "", "~", "null", "Null", "NULL" };

    private static readonly HashSet<string> Yes = Spellings("y", "yes", "true", "on");

    private static readonly HashSet<string> No = Spellings("n", "no", "false", "off");

    public static JsonNode? Read(string text)
    {
        if (Nulls.Contains(text)) return null;
        if (Yes.Contains(text)) return JsonValue.Create(true);
        if (No.Contains(text)) return JsonValue.Create(false);
        if (Prefixed().Match(text) is { Success: true } prefixed) return Prefixed(text, prefixed);
        if (!Numeric().IsMatch(text)) return JsonValue.Create(text);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }

    /// <summary>True where no reader takes the text for a null, a boolean, a number or a time.</summary>
    public static bool LooksLikeText(string text) =>
        !Nulls.Contains(text) && !Yes.Contains(text) && !No.Contains(text) && !NumberOrTime().IsMatch(text) && text is not ("=" or "<<");

    // A leading zero means octal: file modes.
    private static JsonValue Prefixed(string text, Match match)
    {
        var radix = match.Groups["radix"].Value switch { "0x" => 16, "0b" => 2, _ => 8 };
        try
        {
            return JsonValue.Create(Convert.ToInt64(match.Groups["digits"].Value, radix));
        }
        catch (OverflowException)
        {
            return JsonValue.Create(text);
        }
    }

    private static HashSet<string> Spellings(params string[] words) =>
        new(words.SelectMany(w => new[] { w, char.ToUpperInvariant(w[0]) + w[1..], w.ToUpperInvariant() }), StringComparer.Ordinal);

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Numeric();

    [GeneratedRegex("^((?<radix>0x)(?<digits>[0-9a-fA-F]+)|(?<radix>0b)(?<digits>[01]+)|(?<radix>0o?)(?<digits>[0-7]+))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Prefixed();

    // Wider than what Read takes for a number: hexadecimal, octal, binary, sexagesimal, underscores, infinities and dates.
    [GeneratedRegex(@"^([-+]?[.]?[0-9][0-9a-fA-FxXoO_.,:eETtZ+-]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")]
    private static partial Regex NumberOrTime();
}
