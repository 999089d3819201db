using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Schema;

/// <summary>
/// JSON documents as YAML for people and <c>kubectl</c>: block style, the document's own order, no anchors, and quotes
/// around every text that some YAML reader would take for something else.
/// </summary>
public static class CrdYaml
{
    public static string Write(JsonNode document)
    {
        var stream = new YamlStream(new YamlDocument(Node(document)));
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        stream.Save(text, assignAnchors: false);
        // YamlStream ends each document with "...", which says nothing in a file with one document.
        var yaml = text.ToString();
        return yaml.EndsWith("...\n", StringComparison.Ordinal) ? yaml[..^4] : yaml;
    }

    private static YamlNode Node(JsonNode? node) => node switch
    {
        null => Plain("null"),
        JsonObject { Count: 0 } => new YamlMappingNode { Style = YamlDotNet.Core.Events.MappingStyle.Flow },
        JsonObject map => new YamlMappingNode(map.Select(p => KeyValuePair.Create<YamlNode, YamlNode>(Text(p.Key), Node(p.Value)))),
        JsonArray { Count: 0 } => new YamlSequenceNode { Style = YamlDotNet.Core.Events.SequenceStyle.Flow },
        JsonArray list => new YamlSequenceNode(list.Select(Node)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        JsonValue value => Plain(value.ToJsonString()),
        _ => throw new NotSupportedException($"{node.GetType()} is not JSON."),
    };

    private static YamlScalarNode Plain(string text) => new(text) { Style = ScalarStyle.Plain };

    private static YamlScalarNode Text(string text) => new(text)
    {
        // Any: the emitter still quotes what the syntax demands, such as ": " within the text.
        Style = text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : YamlScalars.LooksLikeText(text) ? ScalarStyle.Any
            : ScalarStyle.SingleQuoted,
    };
}
