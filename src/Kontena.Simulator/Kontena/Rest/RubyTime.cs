using System.Globalization;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Times as Ruby writes them.</summary>
internal static class RubyTime
{
    /// <summary>In JSON: ISO 8601 with milliseconds, all that MongoDB keeps.</summary>
    public static string? Json(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>In a sentence: <c>2018-08-10 12:00:00 UTC</c>.</summary>
    public static string Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>In the headers of the WebSocket: nanoseconds.</summary>
    public static string Header(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a header of that kind down to the millisecond; null where it is none.</summary>
    public static DateTimeOffset? Parse(string? header) =>
        DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new DateTimeOffset(time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero) : null;
}
