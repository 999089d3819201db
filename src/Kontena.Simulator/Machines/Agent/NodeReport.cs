namespace Kontena.Simulator.Machines.Agent;

/// <summary>What an agent tells of its node: <c>docker info</c> and its own additions (agent/lib/kontena/workers/node_info_worker.rb).</summary>
internal static class NodeReport
{
    public static IReadOnlyDictionary<string, object?> Of(AgentSettings settings, AgentWorld world) => new Dictionary<string, object?>
    {
        ["ID"] = world.Docker.EngineId,
        ["Name"] = settings.NodeName,
        ["Labels"] = world.Docker.Labels.ToList<object?>(),
        ["ServerVersion"] = world.Docker.DockerVersion,
        ["OperatingSystem"] = world.Docker.OperatingSystem,
        ["KernelVersion"] = "6.6.0",
        ["Architecture"] = "x86_64",
        ["Driver"] = "overlay2",
        ["DockerRootDir"] = "/var/lib/docker",
        ["MemTotal"] = 2_147_483_648L,
        ["MemoryLimit"] = true,
        ["NCPU"] = 2,
        ["PublicIp"] = world.Container.Environment.GetValueOrDefault("KONTENA_PUBLIC_IP") ?? world.PublicAddress,
        ["PrivateIp"] = PrivateAddress(world),
        ["AgentVersion"] = settings.Version.ToString(),
        ["Drivers"] = new Dictionary<string, object?>
        {
            ["Volume"] = Drivers("local"),
            ["Network"] = Drivers("bridge", "host", "null"),
        },
    };

    /// <summary>The variable, else the peer interface, else eth0, else nothing: then the others cannot reach this node's private address.</summary>
    private static string? PrivateAddress(AgentWorld world)
    {
        var environment = world.Container.Environment;
        return environment.GetValueOrDefault("KONTENA_PRIVATE_IP")
            ?? world.Interfaces.GetValueOrDefault(environment.GetValueOrDefault("KONTENA_PEER_INTERFACE") ?? "eth1")
            ?? world.Interfaces.GetValueOrDefault("eth0");
    }

    private static List<object?> Drivers(params string[] names) => [.. names.Select(name => new Dictionary<string, object?> { ["name"] = name })];
}
