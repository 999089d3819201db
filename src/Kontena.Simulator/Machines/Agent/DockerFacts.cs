namespace Kontena.Simulator.Machines.Agent;

/// <summary>What <c>docker info</c> says that matters to an agent.</summary>
internal sealed record DockerFacts(string EngineId, string HostName, IReadOnlyList<string> Labels, string DockerVersion, string OperatingSystem);
