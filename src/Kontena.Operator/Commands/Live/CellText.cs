using Spectre.Console.Rendering;

namespace Kontena.Operator.Commands.Live;

/// <summary>Text measured in terminal cells: a wide character takes two.</summary>
internal static class CellText
{
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>Cuts what does not fit and says so with an ellipsis.</summary>
    public static string Fit(string text, int width)
    {
        if (Width(text) <= width) return text;
        if (width <= 1) return width == 1 ? "…" : "";
        var kept = text;
        while (kept.Length > 0 && Width(kept) > width - 1) kept = kept[..^(char.IsLowSurrogate(kept[^1]) && kept.Length > 1 ? 2 : 1)];
        return kept.TrimEnd() + "…";
    }

    /// <summary>Breaks between words, inside a word only where it is wider than a line; at most <paramref name="most"/> lines, the last one cut.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width, int most)
    {
        var lines = new List<string>();
        var rest = text.Trim();
        while (rest.Length > 0 && lines.Count < most)
        {
            if (lines.Count == most - 1 || Width(rest) <= width)
            {
                lines.Add(Fit(rest, width));
                return lines;
            }
            var end = BreakAt(rest, width);
            lines.Add(rest[..end].TrimEnd());
            rest = rest[end..].TrimStart();
        }
        return lines;
    }

    private static int BreakAt(string text, int width)
    {
        var fits = 0;
        for (var (i, used) = (0, 0); i < text.Length;)
        {
            var step = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            used += Width(text.Substring(i, step));
            if (used > width) break;
            i += step;
            fits = i;
        }
        if (fits < text.Length && text[fits] == ' ') return fits;
        var space = text.LastIndexOf(' ', Math.Max(0, fits - 1));
        return space > 0 ? space : Math.Max(1, fits);
    }
}
