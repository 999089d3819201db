using System.Globalization;
using System.Text;

namespace Kontena.Operator.Hosting.Metrics;

/// <summary>Tags as they stand between the braces: sorted, escaped, each name once.</summary>
internal static class LabelText
{
    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tag, value) in tags)
        {
            var text = ValueText(value);
            if (text.Length == 0) continue; // to Prometheus an empty label is an absent one
            var name = MetricName.OfLabel(tag);
            // Two tags may become one name ("a.b", "a_b"); a name given twice would make the whole scrape invalid.
            labels[name] = labels.TryGetValue(name, out var before) ? before + ";" + text : text;
        }
        var line = new StringBuilder();
        foreach (var (name, value) in labels) Append(line, name, value);
        return line.ToString();
    }

    public static string Of(string name, string value)
    {
        var line = new StringBuilder();
        if (value.Length > 0) Append(line, name, value);
        return line.ToString();
    }

    private static void Append(StringBuilder line, string name, string value)
    {
        if (line.Length > 0) line.Append(',');
        line.Append(name).Append("=\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => line.Append(@"\\"),
                '"' => line.Append("\\\""),
                '\n' => line.Append(@"\n"),
                _ => line.Append(c),
            };
        }
        line.Append('"');
    }

    private static string ValueText(object? value) => value switch
    {
        null => "",
        string text => text,
        true => "true",
        false => "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
