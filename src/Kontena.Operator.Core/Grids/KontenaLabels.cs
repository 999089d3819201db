using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Grids;

/// <summary>The labels of a node at the Master, in a fixed order. Labels are all that an entry can be marked with.</summary>
public static class KontenaLabels
{
    /// <summary>UID of the KontenaNode that made the entry.</summary>
    public const string Node = "kontena-node";

    /// <summary>Namespace and name of its pool, for people.</summary>
    public const string Pool = "nodepool";

    public static IReadOnlyList<string> Of(string ns, KontenaNodeSpec spec, string uid, ResolvedOffering place)
    {
        var labels = new List<string>();
        if (place.Region.Length > 0) labels.Add($"region={place.Region}");
        if (place.Zone.Length > 0) labels.Add($"az={place.Zone}");
        labels.Add($"provider={spec.Provider.Settings.Provider}");
        labels.Add($"{Pool}={ns}.{spec.PoolName}");
        labels.Add($"{Node}={uid}");
        labels.AddRange((spec.Template.NodeLabels ?? new Dictionary<string, string>()).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Value.Length == 0 ? l.Key : $"{l.Key}={l.Value}"));
        return labels;
    }

    /// <summary>The same labels with another owner.</summary>
    public static IReadOnlyList<string> WithOwner(IReadOnlyList<string> labels, string uid) =>
        [.. labels.Where(l => !l.StartsWith(Node + "=", StringComparison.Ordinal)), $"{Node}={uid}"];
}
