using System.Globalization;
using Kontena.Operator.Hosting.Logging;
using Spectre.Console.Rendering;

namespace Kontena.Operator.Commands.Live;

/// <summary>
/// One picture of the model, made for the size that the terminal has when it is drawn: grids and pools first, then what happened last,
/// and nodes in the room between. Spectre can only redraw what fits, so nothing is ever taller than the screen.
/// </summary>
internal sealed class LiveScreen(LiveModel model, DateTimeOffset now, TimeZoneInfo zone) : Renderable
{
    private const int MostHappenings = 5;

    /// <summary>The lines at a given size.</summary>
    public IReadOnlyList<ScreenLine> Lines(int width, int height)
    {
        var lines = new List<ScreenLine> { ScreenLine.Of(CellText.Fit(Title(), width), Styles.Title), ScreenLine.Blank };
        var grids = GridLines.Of(model.Grids, width, (height - lines.Count) / 3);
        if (grids.Count > 0) lines.AddRange([.. grids, ScreenLine.Blank]);
        lines.AddRange(PoolLines.Of(model.Pools, width, height - lines.Count));
        var happenings = Happenings(width, height - lines.Count);
        var nodes = NodeLines.Of(model.Nodes, now, width, height - lines.Count - happenings.Count - 1);
        if (nodes.Count > 0) lines.AddRange([ScreenLine.Blank, .. nodes]);
        lines.AddRange(happenings);
        return lines;
    }

    // The last line stays free for the cursor: writing into it scrolls the screen and Spectre's redraw lands one line off.
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in Lines(maxWidth, Math.Max(3, options.ConsoleSize.Height - 1)))
        {
            foreach (var cell in line.Cells) yield return new Segment(cell.Text, cell.Style);
            yield return Segment.LineBreak;
        }
    }

    private string Title()
    {
        var ready = model.Pools.Count(pool => pool.Progress == LiveProgress.Current);
        var desired = model.Pools.Sum(pool => pool.Desired);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Clock(now)}  {ready} of {model.Pools.Count} pools ready, {model.Pools.Sum(pool => pool.Ready)} of {desired} nodes ready");
    }

    // What the nodes leave; where they need more than there is, a third of what remains beside the smallest table of nodes.
    private List<ScreenLine> Happenings(int width, int room)
    {
        var left = room - (model.Nodes.Count == 0 ? 0 : model.Nodes.Count + 2) - 1;
        var most = Math.Min(MostHappenings, Math.Max(left, (room - NodeLines.LeastHeight - 1) / 3));
        if (most < 1 || model.Happenings.Count == 0) return [];
        var lines = model.Happenings.TakeLast(most)
            .Select(one => $"{Clock(one.Time)}  {PlainText.OneLine(one.About)}: {PlainText.OneLine(one.Message)}")
            .Select(text => ScreenLine.Of(CellText.Fit(text, width), Styles.Aside));
        return [ScreenLine.Blank, .. lines];
    }

    private string Clock(DateTimeOffset moment) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
