namespace Kontena.Simulator.Ec2.Inventory;

/// <summary>Which instance has which address, in all regions. Terminated ones have none. To be used within the account's lock.</summary>
internal sealed class AddressBook
{
    private readonly Dictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string VpcId, string Address), Instance> privates = [];
    private readonly Dictionary<string, Instance> publics = new(StringComparer.Ordinal);

    /// <summary>Every instance that was not terminated.</summary>
    public IReadOnlyCollection<Instance> All => byId.Values;

    public Instance? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Who has the address, as seen from within a VPC: its own private addresses, and all public ones.</summary>
    public Instance? At(Vpc from, string address) => privates.GetValueOrDefault((from.Id, address)) ?? publics.GetValueOrDefault(address);

    public void Add(Instance instance)
    {
        byId.Add(instance.Id, instance);
        privates.Add((instance.Subnet.Vpc.Id, instance.Identity.PrivateAddress), instance);
        AddPublic(instance);
    }

    public void AddPublic(Instance instance)
    {
        if (instance.Identity.PublicAddress is { } address) publics.Add(address, instance);
    }

    public void RemovePublic(Instance instance)
    {
        if (instance.Identity.PublicAddress is { } address) publics.Remove(address);
    }

    public void Remove(Instance instance)
    {
        RemovePublic(instance);
        privates.Remove((instance.Subnet.Vpc.Id, instance.Identity.PrivateAddress));
        byId.Remove(instance.Id);
    }
}
