using System.Globalization;
using System.Text;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// User-data for cloud-init: a cloud-config that installs Docker from the distribution (Ubuntu, Debian) and, with a grid, the
/// Kontena agent. Pure: equal input, equal bytes.
/// </summary>
public static class CloudConfig
{
    /// <summary>Of a plain Docker host. Flatcar carries Docker already and gets an empty one.</summary>
    public static byte[] Render(string nodeName, TemplateSpec template)
    {
        var text = new StringBuilder("#cloud-config\n");
        text.Append(CultureInfo.InvariantCulture, $"hostname: {nodeName}\n");
        if (template.OperatingSystem != Api.OperatingSystem.Flatcar)
        {
            // Written before the package is installed, so that Docker's first start already has it.
            if (DockerSettings.OfPlainHost(template.Docker) is { } daemon)
                text.Append(CultureInfo.InvariantCulture, $"write_files:\n  - path: {DockerSettings.Path}\n    permissions: \"0644\"\n    content: '{daemon.Replace("'", "''", StringComparison.Ordinal)}'\n");
            text.Append("package_update: true\npackages:\n  - docker.io\nruncmd:\n  - [systemctl, enable, --now, docker]\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Of a node (Ubuntu, Debian).</summary>
    /// <exception cref="BootstrapException">See <see cref="AgentEnvironment.Of"/>.</exception>
    internal static string Render(string hostname, AgentInput agent, TemplateSpec template)
    {
        var text = new StringBuilder("#cloud-config\n");
        text.Append(CultureInfo.InvariantCulture, $"hostname: {YamlText.Quoted(hostname)}\n");
        // Every boot, before systemd starts Docker (docker.service waits for the network, which waits for this stage).
        text.Append(CultureInfo.InvariantCulture, $"bootcmd:\n  - - sh\n    - -c\n    - {YamlText.Block(BootScripts.IdentityText(template.Docker), 6)}\n");
        text.Append("write_files:\n");
        MachineFile unit = new($"/etc/systemd/system/{AgentUnit.Name}", FileRights.Everyone, AgentUnit.Text(agent, template.Agent));
        foreach (var file in NodeFiles.Of(agent, template).Append(unit))
            text.Append(CultureInfo.InvariantCulture, $"  - path: {file.Path}\n    permissions: \"{Mode(file.Rights)}\"\n    content: {YamlText.Block(file.Content, 6)}\n");
        text.Append("package_update: true\npackages:\n  - docker.io\nruncmd:\n");
        foreach (var command in Commands) text.Append(CultureInfo.InvariantCulture, $"  - {YamlText.Flow(command)}\n");
        return text.ToString();
    }

    private static string Mode(FileRights rights) => rights switch
    {
        FileRights.Root => "0600",
        FileRights.Everyone => "0644",
        _ => "0755",
    };

    private static readonly string[][] Commands =
    [
        // Time first. An image that keeps its clock already keeps its way of doing so: Amazon's asks the hypervisor's own server.
        ["sh", "-c", "command -v chronyd || test -e /lib/systemd/systemd-timesyncd || apt-get install -y --no-install-recommends chrony"],
        ["timedatectl", "set-ntp", "true"],
        ["systemctl", "daemon-reload"],
        ["systemctl", "restart", "systemd-sysctl"],
        // Not every image has them.
        ["sh", "-c", "networkctl reload || true"],
        ["systemctl", "try-restart", "systemd-resolved"],
        ["systemctl", "enable", "docker"],
        // An image's own Docker may have started before its settings were written.
        ["systemctl", "restart", "docker"],
        // Without waiting: the first start pulls the agent, and cloud-init would seem to hang.
        ["systemctl", "enable", AgentUnit.Name],
        ["systemctl", "restart", "--no-block", AgentUnit.Name],
    ];
}
