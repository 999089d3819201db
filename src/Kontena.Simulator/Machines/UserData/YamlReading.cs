using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Simulator.Machines.UserData;

/// <summary>Fields of a YAML document, read as leniently as Python would.</summary>
internal static class YamlReading
{
    private const int Deepest = 100;

    /// <summary>The document's mapping.</summary>
    /// <exception cref="UserDataException">It is no YAML, or no mapping. The message names the line, not the text.</exception>
    public static YamlMappingNode Mapping(string text)
    {
        var stream = new YamlStream();
        try
        {
            CheckDepth(text);
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new UserDataException($"the YAML is broken in line {e.Start.Line}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser falls over some broken texts instead of refusing them.
            throw new UserDataException("the YAML is broken");
        }
        if (stream.Documents.Count == 0) return [];
        return stream.Documents[0].RootNode switch
        {
            YamlMappingNode mapping => mapping,
            YamlScalarNode { Value: null or "" } => [],
            _ => throw new UserDataException("the YAML is not a mapping"),
        };
    }

    /// <summary>Nodes are built by recursion, which a text of nothing but brackets would drive until the process dies; events are not.</summary>
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext(); depth += parser.Current?.NestingIncrease ?? 0)
            if (depth > Deepest) throw new UserDataException("the YAML is nested too deeply");
    }

    public static YamlNode? Field(this YamlMappingNode node, string name) => node.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value : null;

    public static string? Text(this YamlMappingNode node, string name) => (node.Field(name) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> List(this YamlMappingNode node, string name) => (node.Field(name) as YamlSequenceNode)?.Children ?? [];

    public static bool Flag(this YamlMappingNode node, string name) => node.Text(name) is "true" or "True" or "yes" or "on";
}
