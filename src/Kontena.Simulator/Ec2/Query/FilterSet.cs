namespace Kontena.Simulator.Ec2.Query;

/// <summary>The filters of a Describe call: all must hold, each by any of its values.</summary>
internal sealed class FilterSet<T>
{
    private readonly List<(Func<T, IEnumerable<string>> Values, IReadOnlyList<string> Patterns)> filters = [];

    /// <param name="fields">Filter name to the values that a resource has for it. <c>tag:</c> stands for every tag:KEY.</param>
    /// <param name="tags">The resource's tags, for tag:KEY and tag-key.</param>
    public FilterSet(
        QueryParameters parameters, IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> fields, Func<T, IReadOnlyDictionary<string, string>>? tags)
    {
        foreach (var filter in parameters.Branches("Filter"))
        {
            var name = filter.Required("Name");
            var patterns = filter.List("Value");
            if (patterns.Count == 0) throw Refusal.InvalidValue($"The filter '{name}' has no values");
            if (patterns.Count > 200)
                throw new ApiException(400, "FilterLimitExceeded", "The maximum number of filter values specified on a single call is 200");
            filters.Add((Field(name, fields, tags), patterns));
        }
    }

    public bool Any => filters.Count > 0;

    public bool Matches(T resource)
    {
        foreach (var (values, patterns) in filters)
            if (!values(resource).Any(value => patterns.Any(pattern => Wildcard.Matches(pattern, value)))) return false;
        return true;
    }

    private static Func<T, IEnumerable<string>> Field(
        string name, IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> fields, Func<T, IReadOnlyDictionary<string, string>>? tags)
    {
        if (fields.TryGetValue(name, out var field)) return field;
        if (tags is not null && name == "tag-key") return resource => tags(resource).Keys;
        if (tags is not null && name.StartsWith("tag:", StringComparison.Ordinal) && name.Length > 4)
            return resource => tags(resource).TryGetValue(name[4..], out var value) ? [value] : [];
        throw Refusal.InvalidValue($"The filter '{name}' is invalid");
    }
}
