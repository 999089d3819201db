namespace Kontena.Simulator.Overlay;

/// <summary>How a router stands with one address that it knows.</summary>
public enum OverlayPeerState
{
    Connected,

    /// <summary>The other router answered, and one of the two did not want the other.</summary>
    Refused,

    /// <summary>Nobody answers there, or no packets of data come through.</summary>
    Unreachable,
}
