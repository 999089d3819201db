using System.Globalization;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Commands;

/// <summary>A length of time as Kubernetes' own programs take it: a number with its unit, such as <c>500ms</c>, <c>15s</c>, <c>1.5m</c> or <c>1h</c>.</summary>
internal readonly partial record struct Duration(TimeSpan Length)
{
    /// <returns>Null for what is no duration, or longer than a day.</returns>
    public static Duration? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var seconds = number * match.Groups["unit"].ValueSpan switch { "ms" => 0.001, "s" => 1, "m" => 60, _ => 3600 };
        return seconds <= TimeSpan.FromDays(1).TotalSeconds ? new Duration(TimeSpan.FromSeconds(seconds)) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length.TotalSeconds}s");

    [GeneratedRegex(@"^(?<number>[0-9]{1,9}(\.[0-9]{1,9})?)(?<unit>ms|s|m|h)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
