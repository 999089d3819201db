using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Schema;

/// <summary>Reads manifests: every document of a YAML file as JSON.</summary>
public static class YamlDocuments
{
    // An alias can make a document hold itself.
    private const int MaxDepth = BoundedYaml.MostDepth;

    /// <summary>Empty documents are left out.</summary>
    /// <exception cref="FormatException">The text is not YAML, or says what JSON cannot; the message names the line.</exception>
    public static IReadOnlyList<JsonObject> Read(string yaml)
    {
        YamlStream stream;
        try
        {
            stream = BoundedYaml.Load(yaml);
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }
        var aliases = new AliasBound();
        return [.. stream.Documents.Select(d => Node(d.RootNode, 0, aliases)).OfType<JsonNode>().Select(RequireObject)];
    }

    private static JsonObject RequireObject(JsonNode node) =>
        node as JsonObject ?? throw new FormatException($"a document is not a mapping but {node.GetValueKind()}");

    private static JsonNode? Node(YamlNode node, int depth, AliasBound aliases) => node switch
    {
        _ when depth > MaxDepth => throw new FormatException($"line {node.Start.Line}: nested deeper than {MaxDepth}"),
        _ when !aliases.Admits(node) => throw new FormatException($"line {node.Start.Line}: aliases repeat more than {AliasBound.MostRepeated} values"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => YamlScalars.Read(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value ?? ""),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(c => Node(c, depth + 1, aliases))]),
        YamlMappingNode map => Map(map, depth, aliases),
        _ => throw new FormatException($"line {node.Start.Line}: neither text, list nor mapping"),
    };

    private static JsonObject Map(YamlMappingNode map, int depth, AliasBound aliases)
    {
        var result = new JsonObject();
        foreach (var (key, value) in map.Children)
        {
            // YAML tells the number 1 from the text "1"; JSON has only text for a name.
            if (!result.TryAdd(Key(key), Node(value, depth + 1, aliases)))
                throw new FormatException($"line {key.Start.Line}: the key {Key(key)} is there twice");
        }
        return result;
    }

    private static string Key(YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw new FormatException($"line {node.Start.Line}: a key is not text");
}
