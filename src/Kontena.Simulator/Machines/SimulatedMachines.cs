using System.Collections.Concurrent;
using Kontena.Simulator.Ec2.Inventory;
using Kontena.Simulator.Ec2.Query;
using Kontena.Simulator.Machines.Os;
using Kontena.Simulator.Networks;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines;

/// <summary>The machines behind the simulated instances. A machine without an agent costs its parsed user-data and nothing more: no thread, no timer.</summary>
public sealed class SimulatedMachines : IPower, IDisposable
{
    private readonly ConcurrentDictionary<string, SimulatedMachine> machines = new(StringComparer.Ordinal);
    private readonly MachineOptions options;
    private readonly Waits waits;
    private readonly Random random;
    private readonly Lock chance = new();
    private readonly OverlayFabric fabric;

    internal SimulatedMachines(MachineOptions options, TimeProvider time, INetworks networks) =>
        (this.options, waits, random, fabric) = (options, new Waits(time, options.Second), new Random(options.Seed), new OverlayFabric(time, networks));

    /// <summary>Every machine that was not terminated.</summary>
    public IReadOnlyList<SimulatedMachine> All => [.. machines.Values.OrderBy(m => m.InstanceId, StringComparer.Ordinal)];

    /// <summary>Who is connected with whom in the overlay, worked out now.</summary>
    public OverlayView Overlay => fabric.View();

    /// <summary>What lies between the machines. To be set, where it is to be another, before any of them runs.</summary>
    internal INetworks Networks
    {
        get => fabric.Networks;
        set => fabric.Networks = value;
    }

    /// <summary>The machine of an instance.</summary>
    /// <exception cref="ArgumentException">There is no such instance, or it was terminated.</exception>
    public SimulatedMachine Of(string instanceId) =>
        Find(instanceId) ?? throw new ArgumentException($"There is no machine of {instanceId}.", nameof(instanceId));

    /// <summary>The same; null where there is none.</summary>
    public SimulatedMachine? Find(string instanceId) => machines.GetValueOrDefault(instanceId);

    void IPower.On(Instance instance, TimeSpan after) =>
        machines.GetOrAdd(instance.Id, _ => new SimulatedMachine(network => Build(instance, network), waits)).On(after, instance.Identity.PublicAddress);

    void IPower.Off(string instanceId) => Find(instanceId)?.Off(forGood: false);

    void IPower.Reboot(string instanceId) => Find(instanceId)?.Reboot();

    void IPower.Lost(string instanceId)
    {
        if (machines.TryRemove(instanceId, out var machine)) machine.Off(forGood: true);
    }

    /// <summary>Takes the power from all of them.</summary>
    public void Dispose()
    {
        foreach (var machine in machines.Values) machine.Off(forGood: true);
    }

    private Hardware Build(Instance instance, Func<NetworkBlock> network)
    {
        var image = instance.Launch.Image.Name;
        return new()
        {
            InstanceId = instance.Id,
            Options = options,
            Traits = options.Traits(image),
            Os = Wildcard.Matches("Flatcar-*", image) ? MachineOs.Flatcar : Wildcard.Matches("debian-*", image) ? MachineOs.Debian : MachineOs.Ubuntu,
            PrivateAddress = instance.Identity.PrivateAddress,
            UserData = instance.UserData,
            Network = network,
            Chance = Chance,
            Overlay = fabric,
        };
    }

    private double Chance()
    {
        lock (chance) return random.NextDouble();
    }
}
