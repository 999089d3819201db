using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>YAML as a tree whose leaves are texts.</summary>
internal static class RenderedYaml
{
    public static JsonNode Read(string text) => Node(new DeserializerBuilder().Build().Deserialize(text))!;

    private static JsonNode? Node(object? value) => value switch
    {
        Dictionary<object, object> map => new JsonObject(map.Select(p => KeyValuePair.Create((string)p.Key, Node(p.Value)))),
        List<object> list => new JsonArray([.. list.Select(Node)]),
        _ => (string?)value,
    };
}
