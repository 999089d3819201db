using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Ec2.Firewalls;

/// <summary>The networks of an account's instances. An answer costs two look-ups and the rules of the groups at both ends; it may be asked for under any lock.</summary>
internal sealed class AccountNetworks(Account account) : INetworks
{
    public long Version => account.Look(_ => account.Version_NeedsLock);

    public bool Passes(string fromInstanceId, string toAddress, Packet packet) => account.Look(now =>
        account.Addresses.Find(fromInstanceId) is { } from && Route.Find(account.Addresses, from, toAddress, now) is { } route && route.Opens(packet));

    public string? InstanceAt(string fromInstanceId, string address) => account.Look(_ =>
        account.Addresses.Find(fromInstanceId) is { } from ? account.Addresses.At(from.Subnet.Vpc, address)?.Id : null);
}
