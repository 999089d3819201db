using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>Columns as kubectl prints them: left-aligned, three spaces apart, no frame. Spectre's Table cannot span a row, which the messages under pools need.</summary>
internal static class ScreenTable
{
    private const int Gap = 3;
    private const int Narrowest = 6;

    /// <summary>The header and one line a row. Where they are wider than the screen, the widest columns give way first.</summary>
    public static IReadOnlyList<ScreenLine> Lines(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<ScreenCell>> rows, int width)
    {
        var heading = header.Select(text => new ScreenCell(text, Styles.Header)).ToList();
        IReadOnlyList<ScreenCell>[] all = [heading, .. rows];
        var widths = Widths(all, header.Count, width);
        return all.Select(row => Line(row, widths)).ToList();
    }

    private static int[] Widths(IReadOnlyList<IReadOnlyList<ScreenCell>> rows, int columns, int width)
    {
        var widths = Enumerable.Range(0, columns).Select(column => rows.Max(row => CellText.Width(row[column].Text))).ToArray();
        while (widths.Sum() + Gap * (columns - 1) > width)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] <= Narrowest) break;
            widths[widest]--;
        }
        return widths;
    }

    private static ScreenLine Line(IReadOnlyList<ScreenCell> row, int[] widths)
    {
        var cells = new List<ScreenCell>();
        for (var i = 0; i < row.Count; i++)
        {
            var text = CellText.Fit(row[i].Text, widths[i]);
            cells.Add(row[i] with { Text = text });
            if (i < row.Count - 1) cells.Add(new ScreenCell(new string(' ', widths[i] - CellText.Width(text) + Gap), Style.Plain));
        }
        return new ScreenLine(cells);
    }
}
