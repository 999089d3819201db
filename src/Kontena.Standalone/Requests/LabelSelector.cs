using Kontena.Standalone.Admission;

namespace Kontena.Standalone.Requests;

/// <summary>
/// A label selector: requirements separated by commas, all of which must hold. <c>a=b</c>, <c>a==b</c>, <c>a!=b</c>,
/// <c>a in (b, c)</c>, <c>a notin (b, c)</c>, <c>a</c>, <c>!a</c>; != and notin also hold where the label is absent.
/// </summary>
internal sealed class LabelSelector
{
    private readonly IReadOnlyList<Requirement> requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => this.requirements = requirements;

    private enum Operator { Exists, Absent, In, NotIn }

    public bool SelectsAll => requirements.Count == 0;

    /// <exception cref="StatusException">400: not a selector.</exception>
    public static LabelSelector Parse(string? text) =>
        new(string.IsNullOrWhiteSpace(text) ? [] : [.. Split(text).Select(part => Read(part.Trim(), text))]);

    public bool Matches(JsonObject obj)
    {
        var labels = obj["metadata"]?["labels"] as JsonObject;
        return requirements.All(r => r.Holds(labels.Text(r.Key)));
    }

    /// <summary>Splits at the commas outside of parentheses.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            if (text[i] == ')') depth--;
            if (text[i] != ',' || depth > 0) continue;
            yield return text[start..i];
            start = i + 1;
        }
        yield return text[start..];
    }

    private static Requirement Read(string part, string text)
    {
        if (part.StartsWith('!')) return Build(part[1..].Trim(), Operator.Absent, [], text);
        if (part.EndsWith(')')) return ReadSet(part, text);
        foreach (var (symbol, kind) in new[] { ("!=", Operator.NotIn), ("==", Operator.In), ("=", Operator.In) })
        {
            var at = part.IndexOf(symbol, StringComparison.Ordinal);
            if (at >= 0) return Build(part[..at].Trim(), kind, [part[(at + symbol.Length)..].Trim()], text);
        }
        return Build(part, Operator.Exists, [], text);
    }

    private static Requirement ReadSet(string part, string text)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        var words = open < 0 ? [] : part[..open].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var values = open < 0 ? [] : part[(open + 1)..^1].Split(',').Select(v => v.Trim()).ToList();
        return words switch
        {
            [var key, "in"] => Build(key, Operator.In, values, text),
            [var key, "notin"] => Build(key, Operator.NotIn, values, text),
            _ => throw Unreadable(text, $"found '{part}', expected: in, notin, =, ==, !="),
        };
    }

    private static Requirement Build(string key, Operator kind, IReadOnlyList<string> values, string text)
    {
        if (ObjectNames.QualifiedFault(key) is { } fault) throw Unreadable(text, $"key: Invalid value: \"{key}\": {fault}");
        if (values.Select(ObjectNames.LabelValueFault).FirstOrDefault(f => f is not null) is { } valueFault) throw Unreadable(text, $"values: {valueFault}");
        return new Requirement(key, kind, values.ToHashSet(StringComparer.Ordinal));
    }

    private static StatusException Unreadable(string text, string why) => Fault.BadRequest($"unable to parse requirement: {why} (in \"{text}\")");

    private sealed record Requirement(string Key, Operator Operator, IReadOnlySet<string> Values)
    {
        public bool Holds(string? value) => Operator switch
        {
            Operator.Exists => value is not null,
            Operator.Absent => value is null,
            Operator.In => value is not null && Values.Contains(value),
            Operator.NotIn => value is null || !Values.Contains(value),
            _ => throw new InvalidOperationException($"unknown operator {Operator}"),
        };
    }
}
