using System.Text.Json.Nodes;
using Kontena.Operator.Core.Api;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>The content of <c>/etc/docker/daemon.json</c>.</summary>
internal static class DockerSettings
{
    public const string Path = "/etc/docker/daemon.json";

    /// <summary>Kontena's own choice: docker0 carries the overlay's DNS, which every container is told (kontena cli, cloudinit.yml).</summary>
    private const string DefaultBip = "172.17.43.1/16";

    public const string DefaultDataRoot = "/var/lib/docker";

    /// <summary>Of a plain Docker host: what the template says, or null where it says nothing.</summary>
    public static string? OfPlainHost(DockerSpec? docker)
    {
        if (docker is null) return null;
        var settings = Json(docker.Bip, docker.DataRoot, docker.InsecureRegistries ?? []);
        return settings.Count == 0 ? null : settings.ToJsonString();
    }

    /// <summary>A grid's own registry answers without a certificate, at an overlay address: the grid's real subnet, whatever it is.</summary>
    public static string OfNode(DockerSpec? docker, string gridSubnet)
    {
        IEnumerable<string> registries = [gridSubnet, .. docker?.InsecureRegistries ?? []];
        return Json(docker?.Bip ?? DefaultBip, docker?.DataRoot, registries.Distinct(StringComparer.Ordinal)).ToJsonString() + "\n";
    }

    /// <summary>docker0's own address, e.g. 172.17.43.1.</summary>
    public static string BridgeAddress(DockerSpec? docker) => (docker?.Bip ?? DefaultBip).Split('/')[0];

    private static JsonObject Json(string? bip, string? dataRoot, IEnumerable<string> registries)
    {
        var settings = new JsonObject();
        if (bip is not null) settings["bip"] = bip;
        if (dataRoot is not null) settings["data-root"] = dataRoot;
        JsonArray list = [.. registries.Select(r => JsonValue.Create(r))];
        if (list.Count > 0) settings["insecure-registries"] = list;
        return settings;
    }
}
