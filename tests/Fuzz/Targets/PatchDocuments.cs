using System.Text.Json.Nodes;

namespace Kontena.Fuzz.Targets;

/// <summary>Small random documents out of few names and values, so that patches meet something.</summary>
internal sealed class PatchDocuments(Random random)
{
    private static readonly string[] Names = ["a", "b", "c", "metadata", "finalizers", "x/y", "x~y", "", "0", "-", "list"];

    public JsonObject Object(int depth, bool nulls)
    {
        var result = new JsonObject();
        for (var i = random.Next(5); i > 0; i--) result[Name()] = Value(depth - 1, nulls);
        return result;
    }

    public JsonNode? Value(int depth, bool nulls) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => nulls ? null : JsonValue.Create("none"),
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create((long)random.Next(3)),
        3 => JsonValue.Create(random.Next(4) / 2.0),
        4 or 5 => JsonValue.Create(Name()),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1, true))]),
        _ => Object(depth, nulls),
    };

    public string Name() => Names[random.Next(Names.Length)];

    /// <summary>A path into the document, mostly to something that is there.</summary>
    public string Pointer(JsonNode? document)
    {
        var path = "";
        for (var node = document; random.Next(8) != 0;)
        {
            switch (node)
            {
                case JsonObject map when map.Count > 0 && random.Next(6) != 0:
                    var (name, child) = map.ElementAt(random.Next(map.Count));
                    path += "/" + Escape(name);
                    node = child;
                    break;
                case JsonArray list when random.Next(6) != 0:
                    var index = random.Next(list.Count + 1);
                    path += random.Next(6) == 0 ? "/-" : $"/{(random.Next(20) == 0 ? "0" : "")}{index}";
                    node = index < list.Count ? list[index] : null;
                    break;
                default:
                    return path + "/" + Escape(Name());
            }
        }
        return path;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
