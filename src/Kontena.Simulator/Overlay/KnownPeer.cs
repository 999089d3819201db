namespace Kontena.Simulator.Overlay;

/// <summary>How a router stands with one address that it was told, or that another came from.</summary>
/// <param name="Other">Null where no router runs at the address.</param>
/// <param name="Outbound">It was told the address.</param>
/// <param name="Reason">As this side says it; null where they are connected.</param>
internal sealed record KnownPeer(string Address, string? InstanceId, WeaveRouter? Other, bool Outbound, Handshake Result, string? Reason)
{
    public bool Connected => Result.State == OverlayPeerState.Connected;

    public OverlayPeer Shown => new(Address, InstanceId, Result.State, Result.Mode, Result.Encrypted, Reason);

    public override string ToString() => $"{Address} {Result.State}";
}
