namespace Kontena.Simulator.Overlay;

/// <summary>Two machines of which at least one tries to connect to the other.</summary>
/// <param name="First">Instance id, the lower of the two.</param>
/// <param name="Reason">As the first one says it; null where they are connected.</param>
public sealed record OverlayLink(string First, string Second, OverlayPeerState State, OverlayMode? Mode, bool Encrypted, string? Reason);
