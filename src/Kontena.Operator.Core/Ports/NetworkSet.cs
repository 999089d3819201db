using System.Net;

namespace Kontena.Operator.Core.Ports;

/// <summary>Networks as the set of their addresses.</summary>
public static class NetworkSet
{
    /// <summary>The fewest networks with exactly these addresses, in order, IPv4 first. The same for every way to write the set.</summary>
    public static IReadOnlyList<IPNetwork> Fewest(IEnumerable<IPNetwork> networks) =>
        [.. AddressSpan.Join(networks.Select(AddressSpan.Of)).SelectMany(s => s.Networks())];

    /// <summary>True where each address of <paramref name="network"/> is in one of <paramref name="networks"/>, if only in several together.</summary>
    public static bool Covers(IEnumerable<IPNetwork> networks, IPNetwork network)
    {
        var wanted = AddressSpan.Of(network);
        return AddressSpan.Join(networks.Select(AddressSpan.Of).Where(s => s.Touches(wanted))).Any(s => s.Contains(wanted));
    }

    /// <summary>The network of this one address.</summary>
    public static IPNetwork Of(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
