using System.Globalization;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Aws;

/// <summary>The marks as EC2 tags, and the tags of a launch.</summary>
internal static class AwsTags
{
    public const string Installation = "kontena-installation";
    public const string Pool = "kontena-pool";
    public const string Node = "kontena-node";
    public const string Attempt = "kontena-attempt";

    // EC2 allows 50 tags a resource.
    private const int Most = 50;

    /// <summary>Marks first, then Name, then the user's own, each group sorted: equal requests become equal calls.</summary>
    /// <exception cref="DriverException">The user's tags use a reserved key or are too many.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Compose(MachineMarks marks, string name, IReadOnlyDictionary<string, string>? userTags)
    {
        var own = userTags ?? new Dictionary<string, string>();
        // A user's tag in place of a mark made 124 instances out of two (CAPA#4629). Schema and validation refuse it too.
        if (own.Keys.FirstOrDefault(IsReserved) is { } reserved)
            throw new DriverException(DriverFault.BadSettings, $"The tag key {reserved} is reserved: keys that begin with kontena- or aws: cannot be set.");
        List<KeyValuePair<string, string>> tags = [.. Of(marks)];
        // Name is only what people see in the console: theirs wins.
        if (!own.ContainsKey("Name")) tags.Add(new("Name", name));
        tags.AddRange(own.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        return tags.Count <= Most ? tags : throw new DriverException(DriverFault.BadSettings, $"{tags.Count} tags are too many: EC2 allows {Most}, of which the operator needs 5.");
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Of(MachineMarks marks) =>
    [
        new(Attempt, marks.Attempt.ToString(CultureInfo.InvariantCulture)),
        new(Installation, marks.Installation),
        new(Node, marks.NodeUid),
        new(Pool, marks.PoolUid),
    ];

    private static bool IsReserved(string key) =>
        key.StartsWith("kontena-", StringComparison.OrdinalIgnoreCase) || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);
}
