using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// The user-data of a machine whose template brings none: a cloud-config that installs Docker from the distribution
/// (Ubuntu, Debian). Flatcar carries Docker already and gets an empty one. Pure: equal input, equal bytes.
/// </summary>
public static class CloudConfig
{
    public static byte[] Render(string nodeName, TemplateSpec template)
    {
        var text = new StringBuilder("#cloud-config\n");
        text.Append(CultureInfo.InvariantCulture, $"hostname: {nodeName}\n");
        if (template.OperatingSystem != Api.OperatingSystem.Flatcar)
        {
            if (DaemonJson(template.Docker) is { } daemon)
                text.Append(CultureInfo.InvariantCulture, $"write_files:\n  - path: /etc/docker/daemon.json\n    permissions: \"0644\"\n    content: '{daemon.Replace("'", "''", StringComparison.Ordinal)}'\n");
            text.Append("package_update: true\npackages:\n  - docker.io\nruncmd:\n  - [systemctl, enable, --now, docker]\n");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Written before the package is installed, so that Docker's first start already has it.</summary>
    private static string? DaemonJson(DockerSpec? docker)
    {
        if (docker is null) return null;
        var settings = new JsonObject();
        if (docker.Bip is { } bip) settings["bip"] = bip;
        if (docker.DataRoot is { } root) settings["data-root"] = root;
        if (docker.InsecureRegistries is { Count: > 0 } registries)
            settings["insecure-registries"] = new JsonArray([.. registries.Select(r => JsonValue.Create(r))]);
        return settings.Count == 0 ? null : settings.ToJsonString();
    }
}
