using System.Globalization;
using System.Text.RegularExpressions;

namespace Kontena.Benchmarks.Measurements;

/// <summary>Reads samples out of Prometheus' text format, as far as counters need it.</summary>
internal static partial class MetricsText
{
    public static IEnumerable<Sample> Samples(string text, string family)
    {
        foreach (var line in text.Split('\n'))
        {
            if (!line.StartsWith(family + "{", StringComparison.Ordinal)) continue;
            var end = line.LastIndexOf('}');
            var labels = Label().Matches(line[(family.Length + 1)..end]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
            yield return new Sample(labels, double.Parse(line[(end + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex("([a-zA-Z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}

internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value);
