using Kontena.Simulator.Machines;

namespace Kontena.Simulator.Overlay;

/// <summary>What a router writes of its connections (weaveworks/mesh connection.go, connection_maker.go, weave router/overlay_switch.go), without weave's level and time.</summary>
internal static class WeaveLog
{
    private const string Source = "weave";

    public static void Launched(Journal journal, RouterFacts facts)
    {
        journal.Say(Source, $"Our name is {facts}");
        journal.Say(Source, facts.HasPassword ? "Communication between peers is encrypted." : "Communication between peers is unencrypted.");
    }

    /// <summary>Says what is other than it was.</summary>
    public static void Tell(Journal journal, IReadOnlyList<KnownPeer> before, IReadOnlyList<KnownPeer> after)
    {
        var known = before.ToDictionary(p => p.Address, StringComparer.Ordinal);
        foreach (var peer in after)
        {
            known.Remove(peer.Address, out var old);
            if (old == peer) continue;
            foreach (var line in Lines(old, peer)) journal.Say(Source, line);
        }
        foreach (var gone in known.Values.Where(p => p.Connected)) journal.Say(Source, $"->[{Remote(gone)}]: connection deleted");
    }

    private static IEnumerable<string> Lines(KnownPeer? old, KnownPeer now)
    {
        if (old is { Connected: true, Other: { } before } && (!now.Connected || now.Other != before)) yield return $"->[{Remote(old)}]: connection deleted";
        var same = old is { Connected: true } && now.Other == old.Other;
        if (now.Outbound && !same) yield return $"->[{now.Address}:6783] attempting connection";
        if (now.Connected)
        {
            if (!same) yield return $"->[{Remote(now)}]: connection ready; using protocol version 2";
            if (!same || now.Result.Mode != old?.Result.Mode) yield return $"overlay_switch ->[{now.Other?.Facts}] using {(now.Result.Mode == OverlayMode.Fastdp ? "fastdp" : "sleeve")}";
            if (!same) yield return $"->[{Remote(now)}]: connection fully established";
        }
        else if (now.Result.Introduced) yield return $"->[{Remote(now)}]: connection shutting down due to error: {now.Reason}";
        else if (now.Result.State == OverlayPeerState.Refused) yield return $"->[{now.Address}:6783] connection shutting down due to error during handshake: {now.Reason}";
        else yield return $"->[{now.Address}:6783] error during connection attempt: {now.Reason}";
    }

    private static string Remote(KnownPeer peer) => $"{peer.Address}:6783|{peer.Other?.Facts}";
}
