using System.Globalization;
using Kontena.Operator.Hosting.Logging;
using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>The grids: a line each, and the message under one that is not ready while there is room for it.</summary>
internal static class GridLines
{
    private static readonly string[] Header = ["GRID", "MASTER", "NODES", "ONLINE", "INITIAL", "STATUS"];

    public static IReadOnlyList<ScreenLine> Of(IReadOnlyList<LiveGrid> grids, int width, int height)
    {
        if (grids.Count == 0 || height < 2) return [];
        var kept = grids.OrderByDescending(grid => grid.Progress).Take(height - 1).ToHashSet(ReferenceEqualityComparer.Instance);
        var shown = grids.Where(kept.Contains).ToList();
        var table = ScreenTable.Lines(Header, shown.Select(Row).ToList(), width);
        var room = height - table.Count;
        var lines = new List<ScreenLine> { table[0] };
        foreach (var (grid, line) in shown.Zip(table.Skip(1)))
        {
            lines.Add(line);
            if (grid.Progress == LiveProgress.Current || grid.Message.Length == 0) continue;
            var message = CellText.Wrap(PlainText.OneLine(grid.Message), Math.Max(20, width - 2), Math.Clamp(room, 0, 3)).ToList();
            room -= message.Count;
            lines.AddRange(message.Select(text => ScreenLine.Of("  " + text, Styles.Of(grid.Progress))));
        }
        return lines;
    }

    private static IReadOnlyList<ScreenCell> Row(LiveGrid grid)
    {
        var style = Styles.Of(grid.Progress);
        return
        [
            new ScreenCell(PlainText.OneLine(grid.Name), Style.Plain),
            Cell(grid.Version),
            new ScreenCell(grid.Nodes.ToString(CultureInfo.InvariantCulture), Style.Plain),
            new ScreenCell(grid.Online.ToString(CultureInfo.InvariantCulture), Style.Plain),
            Cell(grid.Initial),
            new ScreenCell(PlainText.OneLine(grid.Reason), style),
        ];
    }

    private static ScreenCell Cell(string text) => new(text.Length == 0 ? "-" : PlainText.OneLine(text), Style.Plain);
}
