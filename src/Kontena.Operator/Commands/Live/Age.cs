using System.Globalization;

namespace Kontena.Operator.Commands.Live;

/// <summary>Ages as kubectl prints them: <c>7s</c>, <c>2m10s</c>, <c>15m</c>, <c>3h5m</c>, <c>8h</c>, <c>4d</c>.</summary>
internal static class Age
{
    public static string Of(TimeSpan age)
    {
        if (age < TimeSpan.Zero) age = TimeSpan.Zero; // another machine's clock is a little ahead
        if (age < TimeSpan.FromMinutes(2)) return Text($"{(int)age.TotalSeconds}s");
        if (age < TimeSpan.FromMinutes(10)) return Pair(age.Minutes, "m", age.Seconds, "s");
        if (age < TimeSpan.FromHours(3)) return Text($"{(int)age.TotalMinutes}m");
        if (age < TimeSpan.FromHours(8)) return Pair(age.Hours, "h", age.Minutes, "m");
        return age < TimeSpan.FromHours(48) ? Text($"{(int)age.TotalHours}h") : Text($"{(int)age.TotalDays}d");
    }

    private static string Pair(int large, string unit, int small, string smallUnit) =>
        small == 0 ? Text($"{large}{unit}") : Text($"{large}{unit}{small}{smallUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
