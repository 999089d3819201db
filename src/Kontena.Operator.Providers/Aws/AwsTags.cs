using System.Globalization;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Providers.Aws;

/// <summary>The marks as EC2 tags, and all tags of what is made.</summary>
internal static class AwsTags
{
    public const string Installation = "kontena-installation";
    public const string Pool = "kontena-pool";
    public const string Node = "kontena-node";
    public const string Attempt = "kontena-attempt";

    /// <summary>What a security group belongs to: <c>pool</c> or <c>grid</c>.</summary>
    public const string Owner = "kontena-owner";
    public const string OwnerUid = "kontena-owner-uid";

    // EC2 allows 50 tags a resource.
    private const int Most = 50;

    /// <summary>Marks first, then Name, then the user's own, each group sorted: equal requests become equal calls.</summary>
    /// <exception cref="DriverException">The user's tags use a reserved key or are too many.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Compose(MachineMarks marks, string name, IReadOnlyDictionary<string, string>? userTags) =>
        Compose(Of(marks), name, userTags);

    /// <summary>The same for a security group.</summary>
    /// <exception cref="DriverException">The user's tags use a reserved key or are too many.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Compose(FirewallMarks marks, string name, IReadOnlyDictionary<string, string>? userTags) =>
        Compose([new(Installation, marks.Installation), new(Owner, WordOf(marks.Owner)), new(OwnerUid, marks.OwnerUid)], name, userTags);

    private static List<KeyValuePair<string, string>> Compose(IEnumerable<KeyValuePair<string, string>> marks, string name, IReadOnlyDictionary<string, string>? userTags)
    {
        var own = userTags ?? new Dictionary<string, string>();
        // A user's tag in place of a mark made 124 instances out of two (CAPA#4629). Schema and validation refuse it too.
        if (own.Keys.FirstOrDefault(IsReserved) is { } reserved)
            throw new DriverException(DriverFault.BadSettings, $"The tag key {reserved} is reserved: keys that begin with kontena- or aws: cannot be set.");
        List<KeyValuePair<string, string>> tags = [.. marks];
        // Name is only what people see in the console: theirs wins.
        if (!own.ContainsKey("Name")) tags.Add(new("Name", name));
        tags.AddRange(own.OrderBy(tag => tag.Key, StringComparer.Ordinal));
        return tags.Count <= Most ? tags : throw new DriverException(DriverFault.BadSettings, $"{tags.Count} tags are too many: EC2 allows {Most}, of which the operator needs up to 5.");
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Of(MachineMarks marks) =>
    [
        new(Attempt, marks.Attempt.ToString(CultureInfo.InvariantCulture)),
        new(Installation, marks.Installation),
        new(Node, marks.NodeUid),
        new(Pool, marks.PoolUid),
    ];

    /// <summary>Null where a mark is missing or not one that we write.</summary>
    public static FirewallMarks? FirewallMarksOf(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(Installation, out var installation) && tags.TryGetValue(Owner, out var word) && tags.TryGetValue(OwnerUid, out var uid)
        && OwnerOf(word) is { } owner
            ? new FirewallMarks(installation, owner, uid)
            : null;

    public static string WordOf(FirewallOwner owner) => owner switch
    {
        FirewallOwner.Pool => "pool",
        FirewallOwner.Grid => "grid",
        _ => throw new ArgumentOutOfRangeException(nameof(owner), owner, "unknown owner"),
    };

    private static FirewallOwner? OwnerOf(string word) => word switch
    {
        "pool" => FirewallOwner.Pool,
        "grid" => FirewallOwner.Grid,
        _ => null,
    };

    private static bool IsReserved(string key) =>
        key.StartsWith("kontena-", StringComparison.OrdinalIgnoreCase) || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);
}
