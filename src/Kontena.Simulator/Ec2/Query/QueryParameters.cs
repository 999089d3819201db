using System.Globalization;

namespace Kontena.Simulator.Ec2.Query;

/// <summary>
/// The parameters of one request (or of one branch below a dotted prefix), already held against the action's rules.
/// Lists are flattened and counted from 1, as the EC2 query protocol has it.
/// </summary>
internal sealed class QueryParameters
{
    private readonly IReadOnlyDictionary<string, string> values;
    private readonly string prefix;

    private QueryParameters(IReadOnlyDictionary<string, string> values, string prefix) => (this.values, this.prefix) = (values, prefix);

    /// <summary>Every value, by its full key.</summary>
    public IReadOnlyDictionary<string, string> All => values;

    /// <summary>Takes the parameters of a call, refusing every one that no rule names or whose value is of another type.</summary>
    public static QueryParameters Accept(IReadOnlyDictionary<string, string> form, IReadOnlyDictionary<string, ParameterRule> rules)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in form)
        {
            if (key is "Action" or "Version") continue;
            if (!rules.TryGetValue(Pattern(key), out var rule)) throw Refusal.UnknownParameter(key);
            rule.Check(key, value);
            values.Add(key, value);
        }
        return new QueryParameters(values, "");
    }

    public string? Text(string name) => values.GetValueOrDefault(prefix + name);

    public string Required(string name) => Text(name) is { Length: > 0 } value ? value : throw Refusal.Missing(prefix + name);

    public int? Integer(string name) =>
        Text(name) is { } value ? int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    public bool? Boolean(string name) => Text(name) is { } value ? value == "true" : null;

    /// <summary>The values of <c>name.1</c>, <c>name.2</c> … in the order of their numbers.</summary>
    public IReadOnlyList<string> List(string name) => [.. Numbers(name).Select(n => Text($"{name}.{n}")).OfType<string>()];

    /// <summary>The branches <c>name.1</c>, <c>name.2</c> … in the order of their numbers.</summary>
    public IReadOnlyList<QueryParameters> Branches(string name) =>
        [.. Numbers(name).Select(n => new QueryParameters(values, string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}.{n}.")))];

    public QueryParameters Branch(string name) => new(values, $"{prefix}{name}.");

    public bool Has(string name) =>
        values.ContainsKey(prefix + name) || values.Keys.Any(key => key.StartsWith($"{prefix}{name}.", StringComparison.Ordinal));

    private IEnumerable<int> Numbers(string name)
    {
        var start = $"{prefix}{name}.";
        return values.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal))
            .Select(key => key[start.Length..].Split('.')[0]).Distinct()
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0).Order();
    }

    private static string Pattern(string key) =>
        string.Join('.', key.Split('.').Select(part => part.Length is > 0 and < 6 && part.All(char.IsAsciiDigit) && part != "0" ? "N" : part));
}
