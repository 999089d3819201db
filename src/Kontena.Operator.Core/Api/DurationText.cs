using System.Globalization;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Core.Api;

/// <summary>Durations as Kubernetes writes them (metav1.Duration): 90s, 10m, 1h30m.</summary>
public static partial class DurationText
{
    public const string Pattern = "^([0-9]{1,6}(ms|s|m|h))+$";

    /// <returns>Null where the text is none, or longer than a year.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (!Whole().IsMatch(text)) return null;
        var milliseconds = Part().Matches(text).Sum(p => long.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * p.Groups[2].Value switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 3_600_000 });
        return milliseconds <= 366L * 24 * 3_600_000 ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+)(ms|s|m|h)")]
    private static partial Regex Part();
}
