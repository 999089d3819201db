using System.Globalization;
using System.Text;

namespace Kontena.Operator.Hosting.Logging;

/// <summary>
/// Text from elsewhere (a cloud's error, a host's answer) made safe for a line of a log or a terminal: it can neither start
/// a line of its own (CWE-117) nor send the terminal an escape sequence (CWE-150).
/// </summary>
internal static class PlainText
{
    public static string OneLine(string text)
    {
        var clean = true;
        foreach (var c in text) clean &= !Breaks(c);
        if (clean) return text;
        var line = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => line.Append(@"\n"),
                '\r' => line.Append(@"\r"),
                '\t' => line.Append(@"\t"),
                _ when Breaks(c) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }
        return line.ToString();
    }

    // Controls, and the separators, direction marks and overrides that reorder or break a line on screen.
    private static bool Breaks(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
