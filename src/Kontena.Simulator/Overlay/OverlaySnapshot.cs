namespace Kontena.Simulator.Overlay;

/// <summary>The overlay as one machine has it now.</summary>
/// <param name="Running">The router runs: it was launched, and is not just being launched anew.</param>
/// <param name="Encrypted">It has a password: it encrypts what does not stay within trusted subnets, and wants peers that do so too.</param>
/// <param name="PeerName">From machine id and product UUID, as a MAC address; null where no router runs.</param>
/// <param name="Peers">In the order of their addresses.</param>
public sealed record OverlaySnapshot(bool Running, bool Encrypted, string? PeerName, IReadOnlyList<string> TrustedSubnets, IReadOnlyList<OverlayPeer> Peers)
{
    internal static readonly OverlaySnapshot None = new(false, false, null, [], []);

    /// <summary>The peer of that machine, the connected address first; null where there is none.</summary>
    public OverlayPeer? With(string instanceId) => Peers.Where(p => p.InstanceId == instanceId).OrderBy(p => p.State).FirstOrDefault();
}
