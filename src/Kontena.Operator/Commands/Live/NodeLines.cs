using Kontena.Operator.Hosting.Logging;
using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>The nodes that fit: those in trouble before those under way before the ready ones, shown in the model's order.</summary>
internal static class NodeLines
{
    /// <summary>Below a header, a node and a line that says how many more there are, it is not worth the room.</summary>
    public const int LeastHeight = 3;

    private static readonly string[] Header = ["NODE", "ZONE", "TYPE", "STATUS", "ADDRESS", "AGE"];

    public static IReadOnlyList<ScreenLine> Of(IReadOnlyList<LiveNode> nodes, DateTimeOffset now, int width, int height)
    {
        if (nodes.Count == 0 || height < LeastHeight) return [];
        if (nodes.Count < height) return Table(nodes, now, width);
        var kept = nodes.OrderByDescending(node => node.Progress).Take(height - 2).ToHashSet(ReferenceEqualityComparer.Instance);
        var hidden = nodes.Where(node => !kept.Contains(node)).ToList();
        var waiting = hidden.Count(node => node.Progress != LiveProgress.Current);
        var rest = waiting == 0 ? "all ready" : $"{waiting} not ready";
        return [.. Table(nodes.Where(kept.Contains).ToList(), now, width), ScreenLine.Of(CellText.Fit($"… and {hidden.Count} more, {rest}", width), Styles.Aside)];
    }

    private static IReadOnlyList<ScreenLine> Table(IReadOnlyList<LiveNode> nodes, DateTimeOffset now, int width) =>
        ScreenTable.Lines(Header, nodes.Select(node => Row(node, now)).ToList(), width);

    private static IReadOnlyList<ScreenCell> Row(LiveNode node, DateTimeOffset now) =>
    [
        new ScreenCell(PlainText.OneLine(node.Name), Style.Plain),
        Cell(node.Zone),
        Cell(node.Type),
        new ScreenCell(PlainText.OneLine(node.State), Styles.Of(node.Progress)),
        Cell(node.Address),
        new ScreenCell(Age.Of(now - node.Created), Style.Plain),
    ];

    private static ScreenCell Cell(string text) => new(text.Length == 0 ? "-" : PlainText.OneLine(text), Style.Plain);
}
