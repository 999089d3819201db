using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>
/// User-data for Flatcar: Ignition 3.3.0 (since Flatcar 3185.0.0). Ignition runs before the first boot, once per machine; Docker
/// is part of Flatcar. Pure: equal input, equal bytes.
/// </summary>
public static class Ignition
{
    public const string Version = "3.3.0";

    /// <exception cref="BootstrapException">See <see cref="AgentEnvironment.Of"/>.</exception>
    internal static string Render(string hostname, AgentInput agent, TemplateSpec template)
    {
        MachineFile[] own =
        [
            new("/etc/hostname", FileRights.Everyone, hostname + "\n"),
            new(BootScripts.Identity, FileRights.EveryoneRuns, BootScripts.IdentityText(template.Docker)),
        ];
        return Write(new JsonObject
        {
            ["ignition"] = new JsonObject { ["version"] = Version },
            ["storage"] = new JsonObject
            {
                ["files"] = new JsonArray([.. own.Concat(NodeFiles.Of(agent, template)).Select(File)]),
                ["links"] = new JsonArray([.. MaskedNetworks.Select(Mask)]),
            },
            ["systemd"] = new JsonObject
            {
                ["units"] = new JsonArray(
                    Unit("docker.service"),
                    Unit(AgentUnit.IdentityName, AgentUnit.IdentityText),
                    Unit(AgentUnit.Name, AgentUnit.Text(agent, template.Agent))),
            },
        });
    }

    /// <summary>
    /// Of several configs the last one decides where two say different things (ignition docs, "Config merging"); what only one
    /// says stays. So the parts themselves cannot stand at the top: a part that is merged in outranks what merges it.
    /// </summary>
    /// <param name="compress">By Ignition's own means, which every provider's data can carry.</param>
    internal static string Merge(bool compress, params IEnumerable<byte[]> parts) => Write(new JsonObject
    {
        ["ignition"] = new JsonObject
        {
            ["version"] = Version,
            ["config"] = new JsonObject { ["merge"] = new JsonArray([.. parts.Select(part => Source(part, compress))]) },
        },
    });

    // Flatcar's own networkd files claim docker0 and its veths (kontena-plugin-aws cloudinit.yml masks them, too).
    private static readonly string[] MaskedNetworks = ["50-docker.network", "50-docker-veth.network"];

    private static JsonObject File(MachineFile file) => new JsonObject
    {
        ["path"] = file.Path,
        ["overwrite"] = true,
        ["mode"] = file.Rights switch
        {
            FileRights.Root => 384,
            FileRights.Everyone => 420,
            _ => 493,
        },
        ["contents"] = Source(Encoding.UTF8.GetBytes(file.Content), compress: false),
    };

    private static JsonObject Mask(string network) => new JsonObject
    {
        ["path"] = $"/etc/systemd/network/{network}",
        ["overwrite"] = true,
        ["target"] = "/dev/null",
    };

    private static JsonObject Unit(string name, string? contents = null)
    {
        var unit = new JsonObject { ["name"] = name, ["enabled"] = true };
        if (contents is not null) unit["contents"] = contents;
        return unit;
    }

    private static JsonObject Source(byte[] content, bool compress)
    {
        var source = new JsonObject { ["source"] = $"data:;base64,{Convert.ToBase64String(compress ? Gzip.Compress(content) : content)}" };
        if (compress) source["compression"] = "gzip";
        return source;
    }

    private static string Write(JsonObject config) => config.ToJsonString(Plain) + "\n";

    // The default escapes +, which every other line of base64 has, as six characters.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
