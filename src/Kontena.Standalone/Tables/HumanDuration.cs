using System.Globalization;

namespace Kontena.Standalone.Tables;

/// <summary>Durations as kubectl's tables show them: two units while the second still matters, then one.</summary>
internal static class HumanDuration
{
    public static string Since(JsonNode? timestamp, DateTimeOffset now) =>
        timestamp.Time() is { } time ? Format(now - time) : "<unknown>";

    /// <summary>The rules of k8s.io/apimachinery duration.HumanDuration.</summary>
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        var (minutes, hours) = (seconds / 60, seconds / 3600);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => Text(seconds, "s"),
            < 600 => Text(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => Text(minutes, "m"),
            < 8 * 3600 => Text(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => Text(hours, "h"),
            < 8 * 86400 => Text(hours / 24, "d", hours % 24, "h"),
            < 2L * 365 * 86400 => Text(hours / 24, "d"),
            < 8L * 365 * 86400 => Text(hours / 24 / 365, "y", hours / 24 % 365, "d"),
            _ => Text(hours / 24 / 365, "y"),
        };
    }

    private static string Text(long big, string unit, long small = 0, string smallUnit = "") => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{big}{unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{big}{unit}{small}{smallUnit}");
}
