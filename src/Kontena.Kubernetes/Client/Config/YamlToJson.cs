using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kontena.Kubernetes.Client.Config;

/// <summary>Free-form YAML as JSON, by the YAML 1.2 core schema: quoted scalars are text, plain ones are what they look like.</summary>
internal static class YamlToJson
{
    // Aliases can make a document refer to itself.
    private const int MaxDepth = 32;

    public static JsonNode? Convert(YamlNode node, Origin origin, string field) => Convert(node, origin, field, 0, new AliasBound());

    private static JsonNode? Convert(YamlNode node, Origin origin, string field, int depth, AliasBound aliases)
    {
        if (depth > MaxDepth) throw origin.Fault(field, $"is nested deeper than {MaxDepth}");
        if (!aliases.Admits(node)) throw origin.Fault(field, $"repeats more than {AliasBound.MostRepeated} values by aliases");
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(child => Convert(child, origin, field, depth + 1, aliases))]),
            YamlMappingNode mapping => Mapping(mapping, origin, field, depth, aliases),
            _ => throw origin.Fault(field, "holds something that is not text, a list or a mapping"),
        };
    }

    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private static JsonObject Mapping(YamlMappingNode mapping, Origin origin, string field, int depth, AliasBound aliases)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
            result[(key as YamlScalarNode)?.Value ?? throw origin.Fault(field, "holds a key that is not text")] =
                Convert(value, origin, field, depth + 1, aliases);
        return result;
    }

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (IsNull(scalar)) return null;
        if (scalar.Style != ScalarStyle.Plain) return JsonValue.Create(text);
        if (text is "true" or "false") return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
