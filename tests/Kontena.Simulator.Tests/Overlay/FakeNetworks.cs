using Kontena.Simulator.Ec2;
using Kontena.Simulator.Networks;

namespace Kontena.Simulator.Tests.Overlay;

/// <summary>Networks that a test closes packet by packet. Who has an address the cloud says.</summary>
internal sealed class FakeNetworks(Ec2Cloud cloud) : INetworks
{
    private readonly Lock gate = new();
    private readonly HashSet<(string? From, string? To, Packet Packet)> closed = [];
    private long version;

    public long Version
    {
        get { lock (gate) return version + cloud.Instances.Sum(i => i.History.Count); }
    }

    public bool Passes(string fromInstanceId, string toAddress, Packet packet)
    {
        var to = InstanceAt(fromInstanceId, toAddress);
        lock (gate) return to is not null && !closed.Any(c => c.Packet == packet && (c.From ?? fromInstanceId) == fromInstanceId && (c.To ?? to) == to);
    }

    public string? InstanceAt(string fromInstanceId, string address) =>
        cloud.Instances.FirstOrDefault(i => i.State == InstanceState.Running && (i.PrivateAddress == address || i.PublicAddress == address))?.Id;

    /// <summary>From and to: instances; null is every one.</summary>
    public void Close(Packet packet, string? from = null, string? to = null) => Change(() => closed.Add((from, to, packet)));

    public void OpenAll() => Change(closed.Clear);

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
            version++;
        }
    }
}
