using System.Text;

namespace Kontena.Simulator.Machines.Units;

/// <summary>The lines of a unit file or drop-in: sections, assignments, comments and continuations as <c>systemd.syntax(7)</c> has them.</summary>
internal static class UnitText
{
    public static IReadOnlyList<Assignment> Parse(string text)
    {
        var found = new List<Assignment>();
        var section = "";
        foreach (var line in Logical(text))
        {
            if (line is ['[', .., ']']) section = line[1..^1];
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
                found.Add(new(section, line[..equals].Trim(), line[(equals + 1)..].Trim()));
        }
        return found;
    }

    /// <summary>A backslash at the end joins the next line with a space; comments in between are skipped, and an empty line ends nothing that continues.</summary>
    private static IEnumerable<string> Logical(string text)
    {
        var joined = new StringBuilder();
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.TrimStart();
            if (line is ['#' or ';', ..] || (line.Length == 0 && joined.Length == 0)) continue;
            if (line is [.., '\\'])
            {
                joined.Append(line[..^1]).Append(' ');
                continue;
            }
            yield return joined.Append(line).ToString().Trim();
            joined.Clear();
        }
        if (joined.Length > 0) yield return joined.ToString().Trim();
    }
}

/// <param name="Value">Empty: resets a list.</param>
internal sealed record Assignment(string Section, string Key, string Value)
{
    /// <summary>A value may hold a token.</summary>
    public override string ToString() => $"[{Section}] {Key}";
}
