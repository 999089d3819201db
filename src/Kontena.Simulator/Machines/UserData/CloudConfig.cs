using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>What the cloud-configs of a user-data ask for, merged. Only what the model of the operating system carries out.</summary>
internal sealed record CloudConfig
{
    public string? HostName { get; init; }

    public IReadOnlyList<WrittenFile> Files { get; init; } = [];

    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary><c>ntp: {enabled: true}</c> (the default where there is an <c>ntp</c> key): installs and starts a time client.</summary>
    public bool TimeSync { get; init; }

    /// <summary>At every boot.</summary>
    public IReadOnlyList<Command> BootCommands { get; init; } = [];

    /// <summary>Once for an instance, after the packages.</summary>
    public IReadOnlyList<Command> RunCommands { get; init; } = [];

    /// <summary>Shell scripts among the parts: run once for an instance, before <see cref="RunCommands"/>.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary><c>coreos.units</c>, which only Flatcar's coreos-cloudinit knows.</summary>
    public IReadOnlyList<DeclaredUnit> Units { get; init; } = [];

    /// <summary>Merges every cloud-config part; other parts are named by <paramref name="say"/>.</summary>
    public static CloudConfig Merge(IEnumerable<UserDataPart> parts, Action<string> say)
    {
        YamlNode merged = new YamlMappingNode();
        var scripts = new List<string>();
        foreach (var part in parts)
        {
            if (part.ContentType == "text/x-shellscript") scripts.Add(part.Body);
            else if (part.ContentType != "text/cloud-config") say($"Unhandled user-data part of type {part.ContentType}");
            if (part.ContentType != "text/cloud-config") continue;
            try
            {
                var document = YamlReading.Mapping(part.Body);
                merged = MergeRule.Of(document, part.MergeType).Merge(merged, document);
            }
            catch (UserDataException e)
            {
                say($"Failed loading a cloud-config part: {e.Message}");
            }
        }
        return Read((YamlMappingNode)merged, say) with { Scripts = scripts };
    }

    private static CloudConfig Read(YamlMappingNode root, Action<string> say) => new()
    {
        HostName = root.Text("hostname") ?? root.Text("fqdn")?.Split('.')[0],
        Files = [.. root.List("write_files").OfType<YamlMappingNode>().Select(node => WrittenFile.Read(node, say)).OfType<WrittenFile>()],
        Packages = [.. root.List("packages").Select(PackageName).OfType<string>()],
        TimeSync = root.Field("ntp") is { } ntp && (ntp as YamlMappingNode)?.Text("enabled") is not ("false" or "False" or "no" or "off"),
        BootCommands = [.. root.List("bootcmd").Select(Command.Read).OfType<Command>()],
        RunCommands = [.. root.List("runcmd").Select(Command.Read).OfType<Command>()],
        Units = [.. ((root.Field("coreos") as YamlMappingNode)?.List("units") ?? []).OfType<YamlMappingNode>().Select(DeclaredUnit.Read).OfType<DeclaredUnit>()],
    };

    /// <summary>A name, or a name and a version.</summary>
    private static string? PackageName(YamlNode node) => node switch
    {
        YamlScalarNode text => text.Value,
        YamlSequenceNode { Children: [YamlScalarNode name, ..] } => name.Value,
        _ => null,
    };
}
