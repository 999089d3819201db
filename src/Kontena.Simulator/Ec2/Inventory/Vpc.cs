using System.Net;
using System.Net.Sockets;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>A network of its own, with a subnet in each zone of its region and a default security group. VPCs are not peered.</summary>
internal sealed class Vpc
{
    public Vpc(string id, string region, IReadOnlyList<string> zones, string cidr, bool isDefault, bool mapsPublicAddresses)
    {
        (Id, Region, Cidr, IsDefault, MapsPublicAddresses) = (id, region, cidr, isDefault, mapsPublicAddresses);
        var network = Network(cidr);
        Subnets = [.. zones.Select((zone, index) => new Subnet(this, network, zone, index))];
    }

    public string Id { get; }

    public string Region { get; }

    public string Cidr { get; }

    /// <summary>The one that launches without a subnet go to.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether its instances get a public address unless the launch says otherwise.</summary>
    public bool MapsPublicAddresses { get; }

    public IReadOnlyList<Subnet> Subnets { get; }

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">It is no IPv4 block of 16 bits, which is cut into a /20 a zone.</exception>
    private static IPAddress Network(string cidr) =>
        IPNetwork.TryParse(cidr, out var network) && network is { PrefixLength: 16, BaseAddress.AddressFamily: AddressFamily.InterNetwork }
            ? network.BaseAddress
            : throw new ArgumentException($"The simulated VPCs are IPv4 blocks of 16 bits such as 10.1.0.0/16, not {cidr}.", nameof(cidr));
}
