using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Overlay;

/// <summary>
/// Who is connected with whom, worked out from what routers were told and what the networks let through. Answers of the networks are kept while their version
/// stays, so that a machine that joins 253 others costs questions about itself only.
/// </summary>
/// <param name="routers">Those that are ready, by instance id.</param>
internal sealed class Reckoning(INetworks networks, long version, IReadOnlyDictionary<string, WeaveRouter> routers)
{
    /// <summary>Every router's peers, in the order of their addresses.</summary>
    public IReadOnlyDictionary<WeaveRouter, IReadOnlyList<KnownPeer>> All()
    {
        var introduced = routers.Values.ToDictionary(r => r, Introduced);
        var gossip = Gossip.Of(introduced);
        return introduced.ToDictionary(r => r.Key, r => (IReadOnlyList<KnownPeer>)[.. r.Value.Concat(Discovered(r.Key, r.Value, gossip)).DistinctBy(p => p.Address).OrderBy(p => p.Address, StringComparer.Ordinal)]);
    }

    /// <summary>Those that the router was told or that came to it.</summary>
    private List<KnownPeer> Introduced(WeaveRouter router)
    {
        var told = router.Peers.Select(address => Told(router, address));
        var came = routers.Values.Where(other => other != router && !Memo(router).Targets.ContainsKey(other.Facts.InstanceId)).Select(other => Came(router, other)).OfType<KnownPeer>();
        return [.. told, .. came];
    }

    /// <summary>
    /// Routers tell each other of their peers, and each tries those that it is not connected with (weave's peer discovery): of two nodes that joined at the same moment
    /// the Master told neither of the other.
    /// </summary>
    private IEnumerable<KnownPeer> Discovered(WeaveRouter router, List<KnownPeer> introduced, Gossip gossip)
    {
        var connected = introduced.Where(p => p.Connected).Select(p => p.Other).ToHashSet();
        return gossip.Reachable(router).Where(other => other != router && !connected.Contains(other)).Select(other => Discovered(router, other, gossip)).OfType<KnownPeer>();
    }

    private KnownPeer? Discovered(WeaveRouter router, WeaveRouter other, Gossip gossip)
    {
        KnownPeer? failed = null;
        foreach (var address in gossip.Addresses(other))
        {
            var ours = Attempt(router, other, address);
            var peer = new KnownPeer(address, other.Facts.InstanceId, other, true, ours, ours.DiallersReason);
            if (peer.Connected) return peer;
            failed ??= peer;
        }
        foreach (var address in gossip.Addresses(router))
            if (Attempt(other, router, address) is { State: OverlayPeerState.Connected } theirs)
                return new(Origin(other.Facts, router.Facts, address), other.Facts.InstanceId, other, false, theirs, null);
        return failed;
    }

    private KnownPeer Told(WeaveRouter router, string address)
    {
        var instance = networks.InstanceAt(router.Facts.InstanceId, address);
        if (instance is null) return new(address, null, null, true, Handshake.NoAnswer(address), Handshake.NoAnswer(address).DiallersReason);
        if (routers.GetValueOrDefault(instance) is not { } other)
        {
            var silence = networks.Passes(router.Facts.InstanceId, address, Packet.WeaveControl) ? Handshake.NoRouter(address) : Handshake.NoAnswer(address);
            return new(address, instance, null, true, silence, silence.DiallersReason);
        }
        var ours = Attempt(router, other, address);
        // It does not matter who connected: one connection serves both.
        if (ours.State != OverlayPeerState.Connected && Theirs(router, other) is { State: OverlayPeerState.Connected } theirs) ours = theirs;
        return new(address, instance, other, true, ours, ours.DiallersReason);
    }

    /// <summary>A router that knows this one's address and not the other way round; null where none of it was noticed here.</summary>
    private KnownPeer? Came(WeaveRouter router, WeaveRouter other) =>
        Theirs(router, other) is { } theirs && (theirs.State == OverlayPeerState.Connected || theirs.ListenersReason is not null)
            ? new(Origin(other.Facts, router.Facts, Memo(other).Targets[router.Facts.InstanceId]), other.Facts.InstanceId, other, false, theirs, theirs.ListenersReason) : null;

    private Handshake? Theirs(WeaveRouter router, WeaveRouter other) =>
        Memo(other).Targets.TryGetValue(router.Facts.InstanceId, out var address) ? Attempt(other, router, address) : null;

    private Handshake Attempt(WeaveRouter dialler, WeaveRouter listener, string address)
    {
        var memo = Memo(dialler);
        if (!memo.Attempts.TryGetValue((listener, address), out var known))
            memo.Attempts.Add((listener, address), known = Handshake.Of(dialler.Facts, listener.Facts, Between(dialler.Facts, listener.Facts, address)));
        return known;
    }

    private Paths Between(RouterFacts dialler, RouterFacts listener, string address)
    {
        var origin = Origin(dialler, listener, address);
        bool Both(Packet packet) => networks.Passes(dialler.InstanceId, address, packet) && networks.Passes(listener.InstanceId, origin, packet);
        return networks.Passes(dialler.InstanceId, address, Packet.WeaveControl)
            ? new(address, origin, true, Both(Packet.WeaveSleeve), Both(Packet.WeaveFastdp), Both(Packet.Esp)) : new(address, origin, false, false, false, false);
    }

    /// <summary>Within a network packets come from the private address, over the internet from the public one.</summary>
    private static string Origin(RouterFacts dialler, RouterFacts listener, string dialled) => dialled == listener.PrivateAddress ? dialler.PrivateAddress : dialler.PublicAddress;

    private RouterMemo Memo(WeaveRouter router)
    {
        if (router.Memo is { } known && known.Version == version && known.Revision == router.Revision) return known;
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        var revision = router.Revision;
        foreach (var address in router.Peers)
            if (networks.InstanceAt(router.Facts.InstanceId, address) is { } instance) targets.TryAdd(instance, address);
        return router.Memo = new(version, revision, targets, router.Memo?.Version == version ? router.Memo.Attempts : []);
    }
}

/// <summary>What the networks answered about one router's peers.</summary>
/// <param name="Targets">By machine, the first address of it that the router was told.</param>
internal sealed record RouterMemo(long Version, long Revision, Dictionary<string, string> Targets, Dictionary<(WeaveRouter, string), Handshake> Attempts);
