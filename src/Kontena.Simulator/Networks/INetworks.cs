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

/// <summary>No firewalls: every packet passes.</summary>
internal sealed class OpenNetworks : INetworks
{
    public static readonly OpenNetworks Instance = new();

    public long Version => 0;

    public bool Passes(string fromInstanceId, string toAddress, Packet packet) => true;

    public string? InstanceAt(string fromInstanceId, string address) => null;
}
