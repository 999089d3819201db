using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Bootstrap;

/// <summary>What a machine is told at its first boot. Pure: equal input, equal bytes, so that a repeated create call is the same call.</summary>
public static class BootstrapData
{
    /// <summary>
    /// Of a plain Docker host the user's own user-data takes the place of ours. A node gets both, and ours cannot be taken away.
    /// The result holds secrets: the grid's and the node's token.
    /// </summary>
    /// <exception cref="BootstrapException">User-data that the operating system does not understand, or a value that cannot be written down.</exception>
    public static byte[] Render(BootstrapInput input)
    {
        if (input.Agent is not { } agent) return input.UserData ?? CloudConfig.Render(input.Hostname, input.Template);
        return input.Template.OperatingSystem is OperatingSystem.Flatcar ? ForIgnition(input, agent) : ForCloudInit(input, agent);
    }

    private static byte[] ForCloudInit(BootstrapInput input, AgentInput agent)
    {
        var ours = CloudConfig.Render(input.Hostname, agent, input.Template);
        if (input.UserData is not { } theirs) return Encoding.UTF8.GetBytes(ours);
        if (UserDataKind.IsMime(theirs)) return Multipart.Render(ours, theirs, "multipart/mixed");
        var type = UserDataKind.CloudInitType(theirs) ?? throw new BootstrapException(UserDataKind.PathOf(input.Template),
            UserDataKind.IsIgnition(theirs)
                ? $"is Ignition, which {input.Template.OperatingSystem} does not read. Write a cloud-config or a script, or set spec.template.operatingSystem to Flatcar"
                : $"begins with nothing that cloud-init knows ({input.Template.OperatingSystem}), e.g. #cloud-config or #!");
        return Multipart.Render(ours, theirs, type);
    }

    private static byte[] ForIgnition(BootstrapInput input, AgentInput agent)
    {
        var ours = Encoding.UTF8.GetBytes(Ignition.Render(input.Hostname, agent, input.Template));
        if (input.UserData is not { } theirs) return ours;
        if (IgnitionFault(theirs) is { } fault) throw new BootstrapException(UserDataKind.PathOf(input.Template), fault);
        return Encoding.UTF8.GetBytes(Ignition.Merge(compress: false, theirs, ours));
    }

    private static string? IgnitionFault(byte[] data)
    {
        const string Wanted = "Flatcar takes an Ignition config of version 3.0.0 to 3.3.0 here";
        if (!UserDataKind.IsIgnition(data)) return $"is no JSON document. {Wanted}; a script or cloud-config cannot be merged with the node's own";
        try
        {
            var version = (JsonNode.Parse(data) as JsonObject)?["ignition"]?["version"] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            return version is "3.0.0" or "3.1.0" or "3.2.0" or "3.3.0" ? null : $"has another ignition.version, or none. {Wanted}";
        }
        // Its message quotes the text, which may be secret.
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return $"cannot be read as JSON. {Wanted}";
        }
    }
}
