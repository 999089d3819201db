using System.Text;

namespace Kontena.Simulator.Machines.Units;

/// <summary>The file that <c>EnvironmentFile=</c> names (<c>systemd.exec(5)</c>): one assignment a line, comments, quotes around a value, continuations.</summary>
internal static class EnvironmentText
{
    public static IEnumerable<KeyValuePair<string, string>> Parse(string text)
    {
        foreach (var raw in text.ReplaceLineEndings("\n").Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';') continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var name = line[..equals].Trim();
            if (IsName(name)) yield return new(name, Unquote(line[(equals + 1)..].Trim()));
        }
    }

    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>In double quotes a backslash escapes <c>"\`$</c>; in single quotes nothing is special; outside a backslash takes the next character as it is.</summary>
    private static string Unquote(string value)
    {
        var text = new StringBuilder(value.Length);
        var quote = '\0';
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (quote == '\0' && c is '"' or '\'' && quote == '\0') quote = c;
            else if (c == quote) quote = '\0';
            else if (c == '\\' && quote != '\'' && i + 1 < value.Length && (quote == '\0' || value[i + 1] is '"' or '\\' or '`' or '$')) text.Append(value[++i]);
            else text.Append(c);
        }
        return text.ToString();
    }
}
