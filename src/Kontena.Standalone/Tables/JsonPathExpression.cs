using System.Globalization;

namespace Kontena.Standalone.Tables;

/// <summary>
/// The part of JSONPath that printer columns use: <c>.a.b</c>, <c>['a']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[*]</c>, and
/// <c>[?(@.type=="Ready")]</c> with ==, !=, &lt;, &lt;=, &gt;, &gt;=.
/// </summary>
internal sealed class JsonPathExpression
{
    private readonly List<Func<JsonNode, IEnumerable<JsonNode?>>> steps = [];

    private JsonPathExpression() { }

    /// <exception cref="FormatException">The text is not within the supported part of JSONPath.</exception>
    public static JsonPathExpression Parse(string text)
    {
        var expression = new JsonPathExpression();
        var rest = text.StartsWith('$') ? text.AsSpan(1) : text;
        if (rest is not ['.', ..] and not ['[', ..]) throw new FormatException($"the JSONPath {text} must begin with a dot");
        while (rest.Length > 0) rest = expression.Step(rest, text);
        return expression;
    }

    public IReadOnlyList<JsonNode> Find(JsonNode root)
    {
        IEnumerable<JsonNode> found = [root];
        foreach (var step in steps) found = found.SelectMany(step).OfType<JsonNode>();
        return [.. found];
    }

    private ReadOnlySpan<char> Step(ReadOnlySpan<char> rest, string text)
    {
        if (rest[0] == '[')
        {
            var end = Closing(rest, text);
            steps.Add(Bracket(rest[1..end].Trim().ToString(), text));
            return rest[(end + 1)..];
        }
        if (rest[0] != '.') throw new FormatException($"unexpected '{rest[0]}' in the JSONPath {text}");
        rest = rest[1..];
        var length = 0;
        var name = new System.Text.StringBuilder();
        while (length < rest.Length && rest[length] is not ('.' or '['))
        {
            // A dot within a name (an annotation key) is written \.
            if (rest[length] == '\\' && length + 1 < rest.Length) length++;
            name.Append(rest[length++]);
        }
        if (name.Length > 0) steps.Add(Field(name.ToString()));
        else if (length < rest.Length && rest[length] == '.') throw new FormatException($"recursive descent is not supported: {text}");
        return rest[length..];
    }

    private static int Closing(ReadOnlySpan<char> rest, string text)
    {
        var quote = '\0';
        for (var i = 1; i < rest.Length; i++)
        {
            if (quote != '\0') quote = rest[i] == quote ? '\0' : quote;
            else if (rest[i] is '"' or '\'') quote = rest[i];
            else if (rest[i] == ']') return i;
        }
        throw new FormatException($"a bracket is not closed in the JSONPath {text}");
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Field(string name)
    {
        if (name == "*") return Children;
        return node => node is JsonObject parent && parent[name] is { } child ? [child] : [];
    }

    private static IEnumerable<JsonNode?> Children(JsonNode node) => node switch
    {
        JsonArray list => list,
        JsonObject parent => parent.Select(p => p.Value),
        _ => [],
    };

    private static Func<JsonNode, IEnumerable<JsonNode?>> Bracket(string inner, string text)
    {
        if (inner == "*") return Children;
        if (inner is ['\'' or '"', .., '\'' or '"']) return Field(inner[1..^1]);
        if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')')) return Filter(inner[2..^1].Trim(), text);
        if (!int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            throw new FormatException($"[{inner}] is not supported in the JSONPath {text}");
        return node => node is JsonArray list && (index < 0 ? list.Count + index : index) is var at && at >= 0 && at < list.Count ? [list[at]] : [];
    }

    private static Func<JsonNode, IEnumerable<JsonNode?>> Filter(string condition, string text)
    {
        foreach (var symbol in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            var at = condition.IndexOf(symbol, StringComparison.Ordinal);
            if (at < 0) continue;
            var left = Operand(condition[..at].Trim(), text);
            var right = Operand(condition[(at + symbol.Length)..].Trim(), text);
            return node => Children(node).Where(item => item is not null && Holds(left(item), symbol, right(item)));
        }
        var exists = Operand(condition, text);
        return node => Children(node).Where(item => item is not null && exists(item) is not null);
    }

    private static Func<JsonNode, JsonNode?> Operand(string operand, string text)
    {
        if (operand.StartsWith('@'))
        {
            if (operand.Length == 1) return item => item;
            var path = Parse(operand[1..]);
            return item => path.Find(item) is [var first, ..] ? first : null;
        }
        if (operand is ['\'' or '"', .., '\'' or '"']) return _ => JsonValue.Create(operand[1..^1]);
        if (bool.TryParse(operand, out var flag)) return _ => JsonValue.Create(flag);
        return double.TryParse(operand, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? _ => JsonValue.Create(number)
            : throw new FormatException($"{operand} is not supported in the JSONPath {text}");
    }

    private static bool Holds(JsonNode? left, string symbol, JsonNode? right)
    {
        if (symbol == "==") return left is not null && JsonNode.DeepEquals(left, right);
        if (symbol == "!=") return !JsonNode.DeepEquals(left, right);
        if (left is null || right is null) return false;
        var order = Schema.ValueLimits.Number(left) is { } a && Schema.ValueLimits.Number(right) is { } b
            ? a.CompareTo(b)
            : string.CompareOrdinal(left.Text(), right.Text());
        return symbol switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }
}
