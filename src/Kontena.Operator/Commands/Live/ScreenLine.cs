using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>One line of the screen; never wider than it. Content is text, so a message cannot smuggle in Spectre markup.</summary>
internal sealed record ScreenLine(IReadOnlyList<ScreenCell> Cells)
{
    public static ScreenLine Blank { get; } = new([]);

    public static ScreenLine Of(string text, Style style) => new([new ScreenCell(text, style)]);
}

internal sealed record ScreenCell(string Text, Style Style);
