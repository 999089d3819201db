using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>An entry of <c>runcmd</c> or <c>bootcmd</c>: words for the kernel, or a line for the shell.</summary>
internal sealed record Command(IReadOnlyList<string> Words, string? ShellLine)
{
    public static Command? Read(YamlNode node) => node switch
    {
        YamlSequenceNode list when list.Children.Count > 0 => new([.. list.Children.OfType<YamlScalarNode>().Select(word => word.Value ?? "")], null),
        YamlScalarNode { Value: { Length: > 0 } line } => new([], line),
        _ => null,
    };

    /// <summary>A command's arguments may hold a secret.</summary>
    public override string ToString() => Words.Count > 0 ? Words[0] : "a shell line";
}
