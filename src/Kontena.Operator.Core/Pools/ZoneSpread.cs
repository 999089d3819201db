namespace Kontena.Operator.Core.Pools;

/// <summary>Gives each new node the zone that has the fewest, ties by the user's order.</summary>
internal sealed class ZoneSpread
{
    private readonly IReadOnlyList<string> zones;
    private readonly Dictionary<string, int> counts;

    public ZoneSpread(IReadOnlyList<string> zones, IEnumerable<NodeView> nodes)
    {
        this.zones = zones;
        counts = zones.ToDictionary(z => z, _ => 0, StringComparer.Ordinal);
        foreach (var node in nodes)
            if (counts.TryGetValue(node.Zone, out var count))
                counts[node.Zone] = count + 1;
    }

    public string TakeNext()
    {
        var zone = zones.MinBy(z => counts[z])!;
        counts[zone]++;
        return zone;
    }
}
