using Spectre.Console;

namespace Kontena.Operator.Commands.Live;

/// <summary>The sixteen colours that every theme has. Nothing is said by colour alone.</summary>
internal static class Styles
{
    public static readonly Style Title = new(decoration: Decoration.Bold);
    public static readonly Style Header = new(decoration: Decoration.Dim);
    public static readonly Style Aside = new(decoration: Decoration.Dim);

    public static Style Of(LiveProgress progress) => progress switch
    {
        LiveProgress.Current => new Style(Color.Green),
        LiveProgress.InProgress => new Style(Color.Olive),
        LiveProgress.Stalled => new Style(Color.Maroon),
        _ => throw new ArgumentOutOfRangeException(nameof(progress), progress, "unknown progress"),
    };
}
