using System.Globalization;
using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;

namespace Kontena.TestKit.MemoryApi;

/// <summary>RFC 7386 merge and RFC 6902 patch on JSON trees. Neither changes its input.</summary>
internal static class JsonPatching
{
    public static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        var result = (JsonObject)target.DeepClone();
        foreach (var (name, value) in patch)
        {
            if (value is null) result.Remove(name);
            else if (value is JsonObject inner) result[name] = Merge(result[name] as JsonObject ?? [], inner);
            else result[name] = value.DeepClone();
        }
        return result;
    }

    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        JsonNode? document = target.DeepClone();
        foreach (var operation in operations)
        {
            if (operation is not JsonObject step) throw Fault.BadRequest("an operation of a JSON patch is an object");
            Run(ref document, step);
        }
        return document as JsonObject ?? throw Fault.Invalid("the JSON patch leaves no object");
    }

    private static void Run(ref JsonNode? document, JsonObject step)
    {
        var path = Text(step, "path");
        switch (Text(step, "op"))
        {
            case "add":
                Add(ref document, path, Value(step));
                break;
            case "remove":
                Remove(ref document, path);
                break;
            case "replace":
                Remove(ref document, path);
                Add(ref document, path, Value(step));
                break;
            case "move":
                var from = Text(step, "from");
                if (path.StartsWith(from + "/", StringComparison.Ordinal)) throw Fault.Invalid($"{from} cannot move into itself");
                Add(ref document, path, Remove(ref document, from));
                break;
            case "copy":
                Add(ref document, path, Get(document, Text(step, "from"))?.DeepClone());
                break;
            case "test":
                if (!JsonNode.DeepEquals(Get(document, path), Value(step))) throw Fault.Invalid($"testing value {path} failed");
                break;
            case var unknown:
                throw Fault.BadRequest($"unknown operation {unknown} of a JSON patch");
        }
    }

    private static JsonNode? Value(JsonObject step) =>
        step.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Fault.BadRequest("an operation of a JSON patch lacks 'value'");

    private static void Add(ref JsonNode? document, string path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            document = value;
            return;
        }
        var (parent, last) = Parent(document, path);
        if (parent is JsonObject map) map[last] = value;
        else if (parent is JsonArray list) list.Insert(last == "-" ? list.Count : Index(list, last, list.Count, path), value);
        else throw Missing(path);
    }

    private static JsonNode? Remove(ref JsonNode? document, string path)
    {
        if (path.Length == 0)
        {
            var whole = document;
            document = null;
            return whole;
        }
        var (parent, last) = Parent(document, path);
        switch (parent)
        {
            case JsonObject map when map.TryGetPropertyValue(last, out var removed):
                map.Remove(last);
                return removed;
            case JsonArray list:
                var index = Index(list, last, list.Count - 1, path);
                var item = list[index];
                list.RemoveAt(index);
                return item;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Get(JsonNode? document, string path)
    {
        if (path.Length == 0) return document;
        var (parent, last) = Parent(document, path);
        return parent switch
        {
            JsonObject map when map.TryGetPropertyValue(last, out var value) => value,
            JsonArray list => list[Index(list, last, list.Count - 1, path)],
            _ => throw Missing(path),
        };
    }

    private static (JsonNode? Parent, string Last) Parent(JsonNode? document, string path)
    {
        if (!path.StartsWith('/')) throw Fault.BadRequest($"'{path}' is not a JSON pointer");
        var steps = path[1..].Split('/').Select(s => s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        var node = document;
        foreach (var step in steps[..^1])
        {
            node = node switch
            {
                JsonObject map => map[step],
                JsonArray list => list[Index(list, step, list.Count - 1, path)],
                _ => throw Missing(path),
            };
        }
        return (node, steps[^1]);
    }

    private static int Index(JsonArray list, string step, int max, string path) =>
        (step == "0" || !step.StartsWith('0')) && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max && max <= list.Count ? index : throw Missing(path);

    private static KubeFault Missing(string path) => Fault.Invalid($"the path {path} of a JSON patch does not exist");

    private static string Text(JsonObject step, string name) =>
        step[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Fault.BadRequest($"an operation of a JSON patch lacks '{name}'");
}
