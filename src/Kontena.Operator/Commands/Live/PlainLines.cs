using System.Globalization;
using Kontena.Operator.Hosting.Logging;

namespace Kontena.Operator.Commands.Live;

/// <summary>For pipes, logs and NO_COLOR: one line for each change, never one that repeats.</summary>
internal sealed class PlainLines(TimeZoneInfo zone)
{
    private LiveModel shown = new();

    /// <summary>What <paramref name="model"/> has that the model before had not, in the model's order.</summary>
    public IReadOnlyList<string> Next(LiveModel model, DateTimeOffset now)
    {
        var lines = new List<string>();
        var seen = shown.Happenings.ToHashSet();
        lines.AddRange(model.Happenings.Where(one => !seen.Contains(one)).Select(one => Line(one.Time, one.About, one.Message)));
        var grids = shown.Grids.DistinctBy(grid => grid.Name, StringComparer.Ordinal).ToDictionary(grid => grid.Name, Text, StringComparer.Ordinal);
        lines.AddRange(model.Grids.Where(grid => grids.GetValueOrDefault(grid.Name) != Text(grid)).Select(grid => $"{Clock(now)} {Text(grid)}"));
        var before = shown.Pools.DistinctBy(pool => pool.Name, StringComparer.Ordinal).ToDictionary(pool => pool.Name, Text, StringComparer.Ordinal);
        foreach (var pool in model.Pools)
            if (before.GetValueOrDefault(pool.Name) is var was && was != Text(pool))
                lines.Add($"{Clock(now)} {Text(pool)}");
        var present = model.Pools.Select(pool => pool.Name).ToHashSet(StringComparer.Ordinal);
        lines.AddRange(shown.Pools.Where(pool => !present.Contains(pool.Name)).Select(pool => $"{Clock(now)} {PlainText.OneLine(pool.Name)} is gone"));
        shown = model;
        return lines;
    }

    private string Line(DateTimeOffset time, string about, string message) =>
        $"{Clock(time)} {PlainText.OneLine(about)}: {PlainText.OneLine(message)}";

    private static string Text(LiveGrid grid)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"grid {PlainText.OneLine(grid.Name)} {grid.Online}/{grid.Nodes} online  {PlainText.OneLine(grid.Reason)}");
        return grid.Message.Length == 0 ? head : $"{head}: {PlainText.OneLine(grid.Message)}";
    }

    private static string Text(LivePool pool)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{PlainText.OneLine(pool.Name)} {pool.Ready}/{pool.Desired} ready  {PlainText.OneLine(pool.Reason)}");
        return pool.Message.Length == 0 ? head : $"{head}: {PlainText.OneLine(pool.Message)}";
    }

    private string Clock(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
