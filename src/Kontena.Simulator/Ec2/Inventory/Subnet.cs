using System.Globalization;
using System.Net;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>A VPC's subnet in one zone: a /20 with its private addresses.</summary>
internal sealed class Subnet(Vpc vpc, IPAddress network, string zone, int index)
{
    // AWS keeps the first four addresses of a subnet and the last one.
    private const int First = 4;
    private const int Last = 4094;
    private readonly HashSet<int> used = [];
    private readonly byte[] bytes = network.GetAddressBytes();
    private int next = First;

    public Vpc Vpc => vpc;

    public string Id { get; } = Ids.Named("subnet", vpc.IsDefault ? zone : vpc.Id + zone);

    public string Zone => zone;

    /// <summary>AWS names physical zones apart from an account's letters: <c>euw1-az1</c>.</summary>
    public string ZoneId { get; } = string.Create(CultureInfo.InvariantCulture, $"{ZonePrefix(vpc.Region)}-az{index + 1}");

    public string Cidr => string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{index * 16}.0/20");

    public SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    public int FreeAddresses => Last - First + 1 - used.Count;

    public int TakeAddress()
    {
        if (FreeAddresses == 0) throw new InvalidOperationException($"Subnet {Id} has no free address; its room was not checked.");
        while (!used.Add(next)) Step();
        var taken = next;
        Step();
        return taken;
    }

    public void Release(int address) => used.Remove(address);

    public IPAddress Address(int number) => new([bytes[0], bytes[1], (byte)(index * 16 + number / 256), (byte)(number % 256)]);

    private void Step() => next = next == Last ? First : next + 1;

    private static string ZonePrefix(string region)
    {
        var parts = region.Split('-');
        return parts.Length == 3 ? parts[0] + parts[1][0] + parts[2] : region;
    }
}
