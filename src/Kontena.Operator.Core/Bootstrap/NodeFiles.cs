using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>The files of a node, the same on every operating system; units and the identity guard apart.</summary>
internal static class NodeFiles
{
    public static IEnumerable<MachineFile> Of(AgentInput agent, TemplateSpec template)
    {
        yield return new(DockerSettings.Path, FileRights.Everyone, DockerSettings.OfNode(template.Docker, agent.GridSubnet));
        yield return new(AgentUnit.EnvironmentPath, FileRights.Root, AgentEnvironment.File(AgentEnvironment.Of(agent, template.Agent)));
        yield return new(AgentUnit.VersionPath, FileRights.Root, $"KONTENA_VERSION={AgentEnvironment.Version(agent, template.Agent)}\n");
        if (agent.MasterCa is { } ca) yield return new(AgentEnvironment.MasterCaPath, FileRights.Everyone, ca.TrimEnd() + "\n");
        yield return new(BootScripts.Leftovers, FileRights.EveryoneRuns, BootScripts.LeftoversText);
        yield return new(BootScripts.Clock, FileRights.EveryoneRuns, BootScripts.ClockText);
        if (template.Agent?.PeerInterface is null) yield return new(BootScripts.PeerInterface, FileRights.EveryoneRuns, BootScripts.PeerInterfaceText);
        if (agent.Ipsec is not IpsecMode.Disabled) yield return new(BootScripts.Esp, FileRights.EveryoneRuns, BootScripts.EspText);
        yield return new("/etc/sysctl.d/60-kontena.conf", FileRights.Everyone, Sysctl);
        yield return new("/etc/systemd/network/05-kontena.network", FileRights.Everyone, Unmanaged);
        yield return new("/etc/systemd/resolved.conf.d/kontena.conf", FileRights.Everyone, Resolver(template.Docker));
    }

    // A node runs many containers that watch files; the plugins' user-data set the same (kontena-plugin-aws cloudinit.yml).
    private const string Sysctl = """
        fs.inotify.max_user_instances=8192
        fs.inotify.max_user_watches=524288
        vm.max_map_count=262144

        """;

    // networkd would take the overlay's interfaces for its own and drop their addresses: kontena #1264, #1285.
    private const string Unmanaged = """
        [Match]
        Name=weave datapath vxlan-6784 dummy0 docker0 veth*

        [Link]
        Unmanaged=yes

        """;

    // The machine itself asks the overlay's DNS, at docker0, for names of the grid only (a registry in the grid).
    private static string Resolver(DockerSpec? docker) => $"""
        [Resolve]
        DNS={DockerSettings.BridgeAddress(docker)}
        Domains=~kontena.local
        DNSSEC=no

        """;
}
