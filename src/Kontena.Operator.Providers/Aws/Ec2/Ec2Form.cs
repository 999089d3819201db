using System.Globalization;

namespace Kontena.Operator.Providers.Aws.Ec2;

/// <summary>
/// The form fields of one call. Ordered by name, so that equal requests become equal bodies; lists are flattened
/// (<c>Filter.1.Value.2</c>), as EC2's query protocol wants it.
/// </summary>
internal sealed class Ec2Form
{
    private readonly SortedDictionary<string, string> fields = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Fields => fields;

    public Ec2Form Add(string name, string? value)
    {
        if (value is not null) fields.Add(name, value);
        return this;
    }

    public Ec2Form Add(string name, int value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public Ec2Form Add(string name, bool value) => Add(name, value ? "true" : "false");

    /// <summary>Fields <c>name.1</c>, <c>name.2</c> …; none for an empty list.</summary>
    public Ec2Form AddList(string name, IEnumerable<string>? values)
    {
        var number = 0;
        foreach (var value in values ?? []) Add(Numbered(name, ++number), value);
        return this;
    }

    public Ec2Form AddFilters(IEnumerable<Ec2Filter> filters)
    {
        var number = 0;
        foreach (var filter in filters)
        {
            var prefix = Numbered("Filter", ++number);
            Add($"{prefix}.Name", filter.Name).AddList($"{prefix}.Value", filter.Values);
        }
        return this;
    }

    /// <summary>Tags that a resource carries from the call that makes it on.</summary>
    /// <param name="number">Of the resource in the call, from 1.</param>
    public Ec2Form AddTagSpecification(int number, string resourceType, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var prefix = Numbered("TagSpecification", number);
        return Add($"{prefix}.ResourceType", resourceType).AddTags($"{prefix}.Tag", tags);
    }

    public Ec2Form AddTags(string name, IEnumerable<KeyValuePair<string, string>> tags)
    {
        var number = 0;
        foreach (var (key, value) in tags)
        {
            var tag = Numbered(name, ++number);
            Add($"{tag}.Key", key).Add($"{tag}.Value", value);
        }
        return this;
    }

    public static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}.{number}");
}
