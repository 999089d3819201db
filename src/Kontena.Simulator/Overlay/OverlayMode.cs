namespace Kontena.Simulator.Overlay;

/// <summary>How the packets of containers travel between two peers.</summary>
public enum OverlayMode
{
    /// <summary>In the kernel: VXLAN over UDP 6784, within ESP where it is encrypted.</summary>
    Fastdp,

    /// <summary>Through the router's process, over UDP 6783: it works and is slow.</summary>
    Sleeve,
}
