using System.Globalization;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>Addresses of 198.18.0.0/15, set aside for benchmarks (RFC 2544): no one is reached by accident. One pool for all regions, so that each is unique.</summary>
internal sealed class PublicAddresses
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private int next = 1;

    public string Take()
    {
        while (true)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"198.{18 + next / 65536 % 2}.{next / 256 % 256}.{next % 256}");
            next = next == 131070 ? 1 : next + 1;
            if (used.Add(address)) return address;
            if (used.Count >= 131070)
                throw new ApiException(400, "InsufficientAddressCapacity", "The maximum number of addresses has been reached.");
        }
    }

    public void Release(string address) => used.Remove(address);
}
