namespace Kontena.Operator.Core.Grids;

/// <summary>
/// When an initial member of a grid may go. They are an etcd cluster: it works while more than half of them do, and takes a new member in place
/// of an old one only then (kontena agent/lib/kontena/launchers/etcd.rb). Pure.
/// </summary>
public static class QuorumRule
{
    public static int Majority(int initialSize) => initialSize / 2 + 1;

    /// <param name="leaving">Name of the node that is to go.</param>
    /// <param name="health">By name; members without an entry count as sick.</param>
    /// <param name="going">Names of all nodes of the grid that are being deleted.</param>
    /// <param name="coming">How many of our nodes have not joined the grid yet and are not being deleted.</param>
    /// <param name="meanwhile">How many of those come while this one stays: a pool that has too many nodes makes no successor before one is gone, and waiting for it would never end. Null: all.</param>
    public static QuorumVerdict Of(MasterListing listing, int initialSize, string leaving, IReadOnlyDictionary<string, NodeHealth> health, IReadOnlySet<string> going, int coming, int? meanwhile = null)
    {
        if (!NeedsSlot(listing, initialSize, leaving, going, coming)) return new QuorumVerdict.Free();
        var majority = Majority(initialSize);
        var others = Members(listing, initialSize).Where(n => n.Name != leaving).ToList();
        var healthy = others.Count(n => IsHealthy(n, health));
        if (healthy >= majority) return new QuorumVerdict.Safe();
        var free = initialSize - Members(listing, initialSize).Select(n => n.Number).Distinct().Count();
        var hoped = healthy + others.Count(n => !IsHealthy(n, health) && (n.NeverJoined || n.Connected)) + Math.Min(free, meanwhile ?? coming);
        var message = $"{healthy} of the other {others.Count} initial members are healthy, and the grid's etcd needs {majority} of {initialSize}";
        return hoped >= majority
            ? new QuorumVerdict.NotYet($"{message}: waiting until more have joined.")
            : new QuorumVerdict.AtRisk($"{message}: without this one it would stop, and with it deployments. Bring the other members back first ({Names(others, health)}).");
    }

    /// <summary>
    /// True for a joined member of a grid whose etcd has formed, unless all that are in the grid go and nobody comes in their place: successors take
    /// etcd's data over one by one. A grid of one or two has no majority without a member, so there is nothing to wait for.
    /// </summary>
    public static bool NeedsSlot(MasterListing listing, int initialSize, string leaving, IReadOnlySet<string> going, int coming)
    {
        if (listing.ByName(leaving) is not { NeverJoined: false } node || !IsMember(node, initialSize)) return false;
        var succeeded = coming > 0 && initialSize - 1 >= Majority(initialSize);
        if (!succeeded && listing.Nodes.All(n => n.NeverJoined || going.Contains(n.Name))) return false;
        return Members(listing, initialSize).Count(n => !n.NeverJoined) >= Majority(initialSize);
    }

    public static IEnumerable<MasterNode> Members(MasterListing listing, int initialSize) => listing.Nodes.Where(n => IsMember(n, initialSize));

    private static bool IsMember(MasterNode node, int initialSize) => node.InitialMember || (node.Number >= 1 && node.Number <= initialSize);

    private static bool IsHealthy(MasterNode node, IReadOnlyDictionary<string, NodeHealth> health) =>
        node.Connected && health.TryGetValue(node.Name, out var said) && said.IsHealthy;

    private static string Names(IEnumerable<MasterNode> others, IReadOnlyDictionary<string, NodeHealth> health) =>
        string.Join(", ", others.Where(n => !IsHealthy(n, health)).OrderBy(n => n.Number).Select(n => $"{n.Name} is {n.Status.ToString().ToLowerInvariant()}")) is { Length: > 0 } names ? names : "some numbers are free";
}
