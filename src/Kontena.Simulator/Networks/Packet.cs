namespace Kontena.Simulator.Networks;

/// <summary>What travels from machine to machine, as far as a firewall looks at it.</summary>
/// <param name="Protocol">IP protocol number: 6 TCP, 17 UDP, 50 ESP.</param>
/// <param name="Port">Where to; 0 for protocols without ports.</param>
public readonly record struct Packet(int Protocol, int Port)
{
    /// <summary>Weave's control connection.</summary>
    public static readonly Packet WeaveControl = new(6, 6783);

    /// <summary>Weave's data in user space (sleeve).</summary>
    public static readonly Packet WeaveSleeve = new(17, 6783);

    /// <summary>Weave's data in the kernel (fastdp, VXLAN).</summary>
    public static readonly Packet WeaveFastdp = new(17, 6784);

    public static readonly Packet Esp = new(50, 0);
}
