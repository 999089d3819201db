using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>
/// The members of a grid that a network's firewall cannot name as its own: machines in other networks, and nodes that somebody else made. Their
/// addresses are written out, as they are seen from there.
/// </summary>
public static class MembersElsewhere
{
    /// <param name="region">The region label of nodes in the network.</param>
    /// <returns>One network an address, each once, in order.</returns>
    public static IReadOnlyList<IPNetwork> Of(string network, string region, IEnumerable<GridMember> members) =>
    [
        .. members.Where(m => m.Network.Length == 0 || m.Network != network)
            .Select(m => m.Region == region ? m.Private ?? m.Public : m.Public ?? m.Private)
            .OfType<IPAddress>()
            .Where(IsSomebody)
            .Distinct()
            .Select(a => new IPNetwork(a, a.GetAddressBytes().Length * 8))
            .OrderBy(n => n.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>An agent that found no address tells something else; a rule for it would be refused, or let nobody in.</summary>
    private static bool IsSomebody(IPAddress address) => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !IPAddress.IsLoopback(address);
}
