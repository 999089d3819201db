using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Actions;

/// <summary>The limits of tags: 50 to a resource, keys of 128 and values of 256 characters, <c>aws:</c> reserved.</summary>
internal static class TagRules
{
    private const int Most = 50;

    /// <summary>Reads <c>Tag.N.Key</c> and <c>Tag.N.Value</c>.</summary>
    public static Dictionary<string, string> Read(QueryParameters parameters)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in parameters.Branches("Tag"))
        {
            var key = tag.Required("Key");
            var value = tag.Text("Value") ?? "";
            Check(key, value);
            if (!tags.TryAdd(key, value)) throw Refusal.InvalidValue($"Duplicate tag key '{key}' specified.");
        }
        CheckCount(tags.Count);
        return tags;
    }

    public static void CheckCount(int count)
    {
        if (count > Most) throw new ApiException(400, "TagLimitExceeded", "More than 50 tags specified");
    }

    public static void Check(string key, string value)
    {
        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            throw Refusal.InvalidValue("Tag keys starting with 'aws:' are reserved for internal use");
        if (key.Length > 128) throw Refusal.InvalidValue("Tag key exceeds the maximum length of 128 characters");
        if (value.Length > 256) throw Refusal.InvalidValue("Tag value exceeds the maximum length of 256 characters");
    }
}
