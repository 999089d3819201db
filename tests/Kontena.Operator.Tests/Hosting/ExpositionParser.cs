using System.Globalization;
using System.Text.RegularExpressions;

namespace Kontena.Operator.Tests.Hosting;

internal sealed record ParsedSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string LabelsText => string.Join(",", Labels.Select(label => $"{label.Key}={label.Value}"));
}

internal sealed record ParsedFamily(string Name, string Type, string? Help, List<ParsedSample> Samples);

/// <summary>
/// Reads the text format 0.0.4 strictly, written from its description and not from our writer: what a Prometheus server would
/// refuse (a name twice, a family in two pieces, buckets that fall) throws <see cref="FormatException"/>.
/// </summary>
internal static partial class ExpositionParser
{
    public static IReadOnlyDictionary<string, ParsedFamily> Parse(string text)
    {
        var families = new Dictionary<string, ParsedFamily>(StringComparer.Ordinal);
        if (text.Length == 0) return families;
        if (text[^1] != '\n') throw new FormatException("the last line must end with a line feed");
        var (help, current) = (default((string Name, string Text)?), default(ParsedFamily));
        foreach (var line in text[..^1].Split('\n'))
        {
            if (HelpLine().Match(line) is { Success: true } h)
            {
                if (help is not null || families.ContainsKey(h.Groups[1].Value)) throw new FormatException($"HELP out of place: {line}");
                help = (h.Groups[1].Value, Unescape(h.Groups[2].Value, quotes: false));
            }
            else if (TypeLine().Match(line) is { Success: true } t)
            {
                if (help is { } before && before.Name != t.Groups[1].Value) throw new FormatException($"TYPE does not follow its HELP: {line}");
                current = new ParsedFamily(t.Groups[1].Value, t.Groups[2].Value, help?.Text, []);
                if (!families.TryAdd(current.Name, current)) throw new FormatException($"family twice: {line}");
                help = null;
            }
            else
            {
                if (current is null || help is not null) throw new FormatException($"sample without TYPE: {line}");
                current.Samples.Add(Sample(line, current));
            }
        }
        foreach (var family in families.Values) Check(family);
        return families;
    }

    private static ParsedSample Sample(string line, ParsedFamily family)
    {
        var match = SampleLine().Match(line);
        if (!match.Success) throw new FormatException($"no sample: {line}");
        var name = match.Groups["name"].Value;
        string[] allowed = family.Type == "histogram" ? [family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"] : [family.Name];
        if (!allowed.Contains(name)) throw new FormatException($"sample of another family than {family.Name}: {line}");
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < match.Groups["label"].Captures.Count; i++)
            if (!labels.TryAdd(match.Groups["label"].Captures[i].Value, Unescape(match.Groups["text"].Captures[i].Value, quotes: true)))
                throw new FormatException($"label twice: {line}");
        return new ParsedSample(name, labels, Number(match.Groups["value"].Value));
    }

    private static void Check(ParsedFamily family)
    {
        if (family.Samples.Count == 0) throw new FormatException($"{family.Name} has no samples");
        if (family.Samples.GroupBy(s => s.Name + "{" + s.LabelsText).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"series twice: {twice.Key}");
        if (family.Type == "counter" && (!family.Name.EndsWith("_total", StringComparison.Ordinal) || family.Samples.Any(s => s.Value < 0)))
            throw new FormatException($"{family.Name} is no counter");
        if (family.Type == "histogram") CheckHistogram(family);
    }

    private static void CheckHistogram(ParsedFamily family)
    {
        foreach (var group in family.Samples.GroupBy(s => string.Join(",", s.Labels.Where(l => l.Key != "le").Select(l => $"{l.Key}={l.Value}"))))
        {
            var buckets = group.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).Select(s => (Bound: Number(s.Labels["le"]), s.Value)).ToList();
            var count = group.Single(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).Value;
            _ = group.Single(s => s.Name.EndsWith("_sum", StringComparison.Ordinal));
            if (!buckets.SequenceEqual(buckets.OrderBy(b => b.Bound).ThenBy(b => b.Value))) throw new FormatException($"{family.Name}: buckets out of order");
            if (buckets.Zip(buckets.Skip(1), (a, b) => a.Value > b.Value).Any(falls => falls)) throw new FormatException($"{family.Name}: buckets fall");
            if (!double.IsPositiveInfinity(buckets[^1].Bound) || !buckets[^1].Value.Equals(count)) throw new FormatException($"{family.Name}: +Inf is not the count");
        }
    }

    private static string Unescape(string text, bool quotes)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') { result.Append(text[i]); continue; }
            i++;
            if (i == text.Length) throw new FormatException($"ends in a backslash: {text}");
            result.Append(text[i] switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when quotes => '"',
                _ => throw new FormatException($"unknown escape in: {text}"),
            });
        }
        return result.ToString();
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex HelpLine();

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$", RegexOptions.CultureInvariant)]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>([^"\\\n]|\\.)*)"(,(?!\})|(?=\})))*\})? (?<value>\+Inf|-Inf|NaN|-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SampleLine();
}
