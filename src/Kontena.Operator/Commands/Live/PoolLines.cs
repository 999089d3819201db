using System.Globalization;
using Kontena.Operator.Hosting.Logging;
using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>The pools: a line each, and the message under one that is not ready. Where room is short, messages get shorter, then pools are left out.</summary>
internal static class PoolLines
{
    private static readonly string[] Header = ["POOL", "PROVIDER", "NODES", "READY", "STATUS"];

    public static IReadOnlyList<ScreenLine> Of(IReadOnlyList<LivePool> pools, int width, int height)
    {
        if (pools.Count == 0) return [ScreenLine.Of("No pools yet.", Styles.Aside)];
        for (var most = 6; most >= 0; most--)
        {
            var lines = Lines(pools, width, most);
            if (lines.Count <= height) return lines;
        }
        // Trouble first: what is left out should be what needs no look.
        var room = Math.Max(0, height - 2);
        var kept = pools.OrderByDescending(pool => pool.Progress).Take(room).ToHashSet(ReferenceEqualityComparer.Instance);
        var shown = Lines(pools.Where(kept.Contains).ToList(), width, 0);
        return [.. shown, ScreenLine.Of($"… and {pools.Count - kept.Count} more pools", Styles.Aside)];
    }

    private static List<ScreenLine> Lines(IReadOnlyList<LivePool> pools, int width, int most)
    {
        var table = ScreenTable.Lines(Header, pools.Select(Row).ToList(), width);
        var lines = new List<ScreenLine> { table[0] };
        foreach (var (pool, line) in pools.Zip(table.Skip(1)))
        {
            lines.Add(line);
            if (pool.Progress == LiveProgress.Current) continue;
            var message = CellText.Wrap(PlainText.OneLine(pool.Message), Math.Max(20, width - 2), most);
            lines.AddRange(message.Select(text => ScreenLine.Of("  " + text, Styles.Of(pool.Progress))));
        }
        return lines;
    }

    private static IReadOnlyList<ScreenCell> Row(LivePool pool)
    {
        var style = Styles.Of(pool.Progress);
        return
        [
            new ScreenCell(PlainText.OneLine(pool.Name), Style.Plain),
            new ScreenCell(PlainText.OneLine(pool.Provider), Style.Plain),
            new ScreenCell(pool.Nodes.ToString(CultureInfo.InvariantCulture), Style.Plain),
            new ScreenCell(string.Create(CultureInfo.InvariantCulture, $"{pool.Ready}/{pool.Desired}"), style),
            new ScreenCell(PlainText.OneLine(pool.Reason), style),
        ];
    }
}
