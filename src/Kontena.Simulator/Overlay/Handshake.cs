namespace Kontena.Simulator.Overlay;

/// <summary>How a connection attempt of one router at another ends.</summary>
/// <param name="DiallersReason">As the one that connects says it; null where they are connected.</param>
/// <param name="ListenersReason">As the other says it; null also where the attempt never reached it.</param>
/// <param name="Introduced">The two told each other their names, which the lines of their logs then bear.</param>
internal sealed record Handshake(OverlayPeerState State, OverlayMode? Mode, bool Encrypted, string? DiallersReason, string? ListenersReason, bool Introduced)
{
    /// <summary>
    /// The rules of weave 1.9.3 (weaveworks/mesh connection.go and protocol.go, weave router/overlay_switch.go, site/using-weave/fastdp.md): passwords first, whatever
    /// is trusted; then names; then the best way for data that works.
    /// </summary>
    public static Handshake Of(RouterFacts dialler, RouterFacts listener, Paths paths)
    {
        if (!paths.Control) return Unreachable($"dial tcp4 :0->{paths.Dialled}:6783: i/o timeout");
        if (dialler.HasPassword != listener.HasPassword)
            return Refused(OnlyOnePassword(dialler.HasPassword), OnlyOnePassword(listener.HasPassword));
        if (dialler.HasPassword && dialler.Password != listener.Password) return Refused("unable to decrypt TCP msg", "unable to decrypt TCP msg");
        if (dialler.Name == listener.Name)
            return dialler.InstanceId == listener.InstanceId ? Refused("cannot connect to ourself", "cannot connect to ourself", introduced: true)
                : Refused(Collision(dialler, listener), Collision(listener, dialler), introduced: true);
        // Only where both trust the other's address: then what they negotiated is not used.
        var encrypted = dialler.HasPassword && !(dialler.Trusts(paths.Dialled) && listener.Trusts(paths.Origin));
        var esp = paths.Esp && dialler.KernelEsp && listener.KernelEsp;
        if (paths.Fastdp && (esp || !encrypted)) return Connected(OverlayMode.Fastdp, encrypted);
        return paths.Sleeve ? Connected(OverlayMode.Sleeve, encrypted)
            : new(OverlayPeerState.Unreachable, null, false, $"no working forwarders to {listener}", $"no working forwarders to {dialler}", Introduced: true);
    }

    /// <summary>Nothing listens at the address.</summary>
    public static Handshake NoRouter(string address) => Unreachable($"dial tcp4 :0->{address}:6783: getsockopt: connection refused");

    /// <summary>No machine has the address, or its firewall says nothing.</summary>
    public static Handshake NoAnswer(string address) => Unreachable($"dial tcp4 :0->{address}:6783: i/o timeout");

    private static Handshake Connected(OverlayMode mode, bool encrypted) => new(OverlayPeerState.Connected, mode, encrypted, null, null, Introduced: true);

    private static Handshake Refused(string diallers, string listeners, bool introduced = false) => new(OverlayPeerState.Refused, null, false, diallers, listeners, introduced);

    private static Handshake Unreachable(string reason) => new(OverlayPeerState.Unreachable, null, false, reason, null, Introduced: false);

    /// <summary>Weave's own spelling.</summary>
    private static string OnlyOnePassword(bool ours) => ours ? "password specified, but peer requested an unencrypted connection" : "no password specificed, but peer requested an encrypted connection";

    private static string Collision(RouterFacts local, RouterFacts remote) => $"local \"{local}\" and remote \"{remote}\" peer names collision";
}
