namespace Kontena.Simulator.Overlay;

/// <summary>One address that a router connects to, or that another one came from.</summary>
/// <param name="InstanceId">The machine that has the address now; null where none has.</param>
/// <param name="Mode">Null where they are not connected.</param>
/// <param name="Encrypted">False too where they are not connected.</param>
/// <param name="Reason">In weave's words, as this side says it; null where they are connected.</param>
public sealed record OverlayPeer(string Address, string? InstanceId, OverlayPeerState State, OverlayMode? Mode, bool Encrypted, string? Reason);
