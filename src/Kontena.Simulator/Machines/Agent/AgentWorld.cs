using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>What an agent finds around it on its machine.</summary>
internal sealed class AgentWorld
{
    public required ContainerSpec Container { get; init; }

    public required DockerFacts Docker { get; init; }

    /// <summary>Address by interface, as the container sees them.</summary>
    public required IReadOnlyDictionary<string, string> Interfaces { get; init; }

    /// <summary>What <c>whatismyip.akamai.com</c> would answer.</summary>
    public required string PublicAddress { get; init; }

    /// <summary>The machine's time: wrong where its clock is.</summary>
    public required Func<DateTimeOffset> Now { get; init; }

    public required Func<NetworkBlock> Network { get; init; }

    /// <summary>A file of the container that is mounted from the machine; null where there is none.</summary>
    public required Func<string, byte[]?> ReadFile { get; init; }

    /// <summary>Writes such a file; false where it is not mounted, or only for reading.</summary>
    public required Func<string, byte[], bool> WriteFile { get; init; }

    public required MachineOptions Options { get; init; }

    public required Waits Waits { get; init; }

    public required Journal Journal { get; init; }

    public required IOverlayHost Overlay { get; init; }

    /// <summary>The chance behind back-offs: 0 to 1.</summary>
    public required Func<double> Chance { get; init; }
}
