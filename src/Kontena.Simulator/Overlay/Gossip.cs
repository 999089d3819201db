namespace Kontena.Simulator.Overlay;

/// <summary>What connected routers know of each other through those between them.</summary>
internal sealed class Gossip
{
    private readonly Dictionary<WeaveRouter, List<WeaveRouter>> groups = [];
    private readonly Dictionary<WeaveRouter, SortedSet<string>> addresses = [];

    private Gossip()
    {
    }

    public static Gossip Of(IReadOnlyDictionary<WeaveRouter, List<KnownPeer>> peers)
    {
        var gossip = new Gossip();
        foreach (var router in peers.Keys.OrderBy(r => r.Facts.InstanceId, StringComparer.Ordinal))
            if (!gossip.groups.ContainsKey(router)) gossip.Spread(router, peers);
        return gossip;
    }

    /// <summary>All that the router is connected with, directly or through others, and itself.</summary>
    public IReadOnlyList<WeaveRouter> Reachable(WeaveRouter router) => groups[router];

    /// <summary>Where its peers have the router.</summary>
    public IEnumerable<string> Addresses(WeaveRouter router) => addresses.GetValueOrDefault(router) ?? [];

    private void Spread(WeaveRouter first, IReadOnlyDictionary<WeaveRouter, List<KnownPeer>> peers)
    {
        var group = new List<WeaveRouter> { first };
        groups.Add(first, group);
        for (var at = 0; at < group.Count; at++)
            foreach (var peer in peers[group[at]].Where(p => p.Connected))
            {
                if (!addresses.TryGetValue(peer.Other!, out var known)) addresses.Add(peer.Other!, known = new(StringComparer.Ordinal));
                known.Add(peer.Address);
                if (groups.TryAdd(peer.Other!, group)) group.Add(peer.Other!);
            }
    }
}
