using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>A systemd unit as Ignition or <c>coreos.units</c> declares it.</summary>
/// <param name="Content">Null: the unit that the image has.</param>
/// <param name="Enabled">Null: left as it is.</param>
/// <param name="Start"><c>command: start</c>, which only coreos-cloudinit has.</param>
internal sealed record DeclaredUnit(string Name, string? Content, bool? Enabled, bool Masked, bool Start, IReadOnlyList<DeclaredDropIn> DropIns)
{
    public override string ToString() => Name;

    public static DeclaredUnit? Read(YamlMappingNode node) => node.Text("name") is not { Length: > 0 } name ? null : new(
        name, node.Text("content"), node.Field("enable") is null ? null : node.Flag("enable"), node.Flag("mask"),
        node.Text("command") is "start" or "restart" or "reload-or-restart",
        [.. node.List("drop-ins").OfType<YamlMappingNode>().Where(d => d.Text("name") is { Length: > 0 })
            .Select(d => new DeclaredDropIn(d.Text("name") ?? "", d.Text("content") ?? ""))]);
}

internal sealed record DeclaredDropIn(string Name, string Content)
{
    public override string ToString() => Name;
}
