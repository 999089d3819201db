using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Schema;

/// <summary>Reads manifests: every document of a YAML file as JSON.</summary>
public static class YamlDocuments
{
    // Deeper than any manifest; an alias can make a document hold itself.
    private const int MaxDepth = 64;

    /// <summary>Empty documents are left out.</summary>
    /// <exception cref="FormatException">The text is not YAML, or says what JSON cannot; the message names the line.</exception>
    public static IReadOnlyList<JsonObject> Read(string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }
        return [.. stream.Documents.Select(d => Node(d.RootNode, 0)).OfType<JsonNode>().Select(RequireObject)];
    }

    private static JsonObject RequireObject(JsonNode node) =>
        node as JsonObject ?? throw new FormatException($"a document is not a mapping but {node.GetValueKind()}");

    private static JsonNode? Node(YamlNode node, int depth) => node switch
    {
        _ when depth > MaxDepth => throw new FormatException($"line {node.Start.Line}: nested deeper than {MaxDepth}"),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => YamlScalars.Read(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value ?? ""),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(c => Node(c, depth + 1))]),
        YamlMappingNode map => new JsonObject(map.Children.Select(p => KeyValuePair.Create(Key(p.Key), Node(p.Value, depth + 1)))),
        _ => throw new FormatException($"line {node.Start.Line}: neither text, list nor mapping"),
    };

    private static string Key(YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw new FormatException($"line {node.Start.Line}: a key is not text");
}
