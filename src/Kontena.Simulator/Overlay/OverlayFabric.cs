using Kontena.Simulator.Machines;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Overlay;

/// <summary>
/// The routers of all machines. Nothing happens in it by itself, no timer and no thread: what is connected with what is worked out when somebody asks, and the routers'
/// journals say then what changed since they were asked last.
/// </summary>
/// <remarks>
/// Machines call <see cref="Up"/> and <see cref="Down"/> within their own locks and the cloud's, so <c>registry</c> never calls out. <c>reckoning</c> asks the networks, which
/// may take the cloud's lock: nobody may ask for an outlook from within a machine.
/// </remarks>
internal sealed class OverlayFabric(TimeProvider time, INetworks networks)
{
    private static readonly Comparer<(string First, string Second)> Ordinal = Comparer<(string First, string Second)>.Create(
        (one, other) => string.CompareOrdinal(one.First, other.First) is not 0 and var first ? first : string.CompareOrdinal(one.Second, other.Second));

    private readonly Lock registry = new();
    private readonly Lock reckoning = new();
    private readonly Dictionary<string, WeaveRouter> routers = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<WeaveRouter, IReadOnlyList<KnownPeer>> peers = new Dictionary<WeaveRouter, IReadOnlyList<KnownPeer>>();
    private OutlookBasis basis;
    private long changes;

    /// <summary>What lies between the machines; set before any of them runs.</summary>
    public INetworks Networks { get; set; } = networks;

    /// <summary>A router is launched; it answers <paramref name="startsIn"/> from now.</summary>
    public WeaveRouter Up(RouterFacts facts, Journal journal, TimeSpan startsIn)
    {
        var router = new WeaveRouter(facts, journal, time.GetUtcNow() + startsIn, this);
        lock (registry) routers[facts.InstanceId] = router;
        Changed();
        return router;
    }

    public void Down(WeaveRouter router)
    {
        lock (registry)
            if (routers.GetValueOrDefault(router.Facts.InstanceId) == router) routers.Remove(router.Facts.InstanceId);
        Changed();
    }

    public void Changed() => Interlocked.Increment(ref changes);

    public OverlaySnapshot Of(string instanceId)
    {
        lock (reckoning)
            return Look().Keys.FirstOrDefault(r => r.Facts.InstanceId == instanceId) is not { } router ? OverlaySnapshot.None
                : new(true, router.Facts.HasPassword, router.Facts.Name, [.. router.Facts.TrustedSubnets.Select(s => s.ToString())], [.. peers[router].Select(p => p.Shown)]);
    }

    public OverlayView View()
    {
        lock (reckoning)
        {
            var links = new SortedDictionary<(string, string), OverlayLink>(Ordinal);
            foreach (var (router, known) in Look().OrderBy(r => r.Key.Facts.InstanceId, StringComparer.Ordinal))
                foreach (var peer in known.Where(p => p.InstanceId is { } other && other != router.Facts.InstanceId)) Add(links, router.Facts.InstanceId, peer);
            return new([.. peers.Keys.Select(r => r.Facts.InstanceId).Order(StringComparer.Ordinal)], [.. links.Values]);
        }
    }

    /// <summary>Of several addresses the connected one counts, and of two sides the lower one's word.</summary>
    private static void Add(SortedDictionary<(string, string), OverlayLink> links, string id, KnownPeer peer)
    {
        var key = string.CompareOrdinal(id, peer.InstanceId) < 0 ? (id, peer.InstanceId!) : (peer.InstanceId!, id);
        if (links.TryGetValue(key, out var known) && (known.State == OverlayPeerState.Connected || !peer.Connected)) return;
        links[key] = new(key.Item1, key.Item2, peer.Result.State, peer.Result.Mode, peer.Result.Encrypted, peer.Reason);
    }

    /// <summary>Every ready router's peers as they are now.</summary>
    private IReadOnlyDictionary<WeaveRouter, IReadOnlyList<KnownPeer>> Look()
    {
        var (now, ready) = Now();
        if (now == basis) return peers;
        var before = peers;
        (peers, basis) = (new Reckoning(Networks, now.Networks, ready).All(), now);
        foreach (var (router, known) in peers) WeaveLog.Tell(router.Journal, before.GetValueOrDefault(router) ?? [], known);
        return peers;
    }

    /// <summary>The versions are read before what they stand for: what changes meanwhile is worked out again next time.</summary>
    private (OutlookBasis Basis, Dictionary<string, WeaveRouter> Ready) Now()
    {
        var (version, changed) = (Networks.Version, Interlocked.Read(ref changes));
        var now = time.GetUtcNow();
        lock (registry)
        {
            var ready = routers.Where(r => r.Value.ReadyAt <= now).ToDictionary(StringComparer.Ordinal);
            return (new(version, changed, ready.Count), ready);
        }
    }
}
