using System.Collections.Concurrent;

namespace Kontena.Simulator.Networks;

/// <summary>What lies between the machines: routes and firewalls. Safe to ask from any thread.</summary>
public interface INetworks
{
    /// <summary>
    /// Whether a packet of one instance arrives at an address (of its own network, or public) and finds the way in open; false too where no running
    /// instance has the address.
    /// </summary>
    bool Passes(string fromInstanceId, string toAddress, Packet packet);

    /// <summary>The instance that has the address now, as seen from another one; null where none has.</summary>
    string? InstanceAt(string fromInstanceId, string address);

    /// <summary>Rises with every change of a rule, of a group's place at a machine, and of an address: nothing has changed while it stays.</summary>
    long Version { get; }
}

/// <summary>No firewalls: every packet to an address that a machine has passes. Where two networks have the same address, it is the machine's that came last.</summary>
internal sealed class OpenNetworks : INetworks
{
    private readonly ConcurrentDictionary<string, string> instances = new(StringComparer.Ordinal);
    private long version;

    public long Version => Interlocked.Read(ref version);

    public bool Passes(string fromInstanceId, string toAddress, Packet packet) => instances.ContainsKey(toAddress);

    public string? InstanceAt(string fromInstanceId, string address) => instances.GetValueOrDefault(address);

    /// <summary>The machine has these addresses from now on, and no others.</summary>
    public void Take(string instanceId, params IEnumerable<string> addresses)
    {
        Leave(instanceId);
        foreach (var address in addresses) instances[address] = instanceId;
        Interlocked.Increment(ref version);
    }

    public void Leave(string instanceId)
    {
        foreach (var had in instances.Where(i => i.Value == instanceId)) instances.TryRemove(had);
        Interlocked.Increment(ref version);
    }
}
