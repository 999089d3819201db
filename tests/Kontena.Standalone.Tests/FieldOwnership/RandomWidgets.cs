using System.Text.Json.Nodes;
using Kontena.Standalone.Tests.Support;

namespace Kontena.Standalone.Tests.FieldOwnership;

/// <summary>
/// Widgets that their schema takes, of few names and values, so that two of them meet often. No list or map is empty: of an empty one
/// nothing can be owned, and when the last item goes so does the list.
/// </summary>
internal sealed class RandomWidgets(Random random)
{
    public JsonObject Next()
    {
        var metadata = new JsonObject { ["name"] = "web" };
        Maybe(metadata, "labels", () => Map(() => Text()));
        Maybe(metadata, "finalizers", () => Some("example.test/a", "example.test/b"));
        var spec = new JsonObject();
        Maybe(spec, "replicas", () => random.Next(3));
        Maybe(spec, "size", Text);
        Maybe(spec, "budget", () => random.Next(2) == 0 ? JsonValue.Create("10%") : JsonValue.Create(5));
        Maybe(spec, "note", () => random.Next(2) == 0 ? null : Text());
        Maybe(spec, "tags", () => Some("x", "y", "z"));
        Maybe(spec, "labels", () => Map(Text));
        Maybe(spec, "ports", Ports);
        Maybe(spec, "extra", () => Map(() => Anything(3)));
        return new JsonObject { ["apiVersion"] = Widgets.ApiVersion, ["kind"] = "Widget", ["metadata"] = metadata, ["spec"] = spec };
    }

    private void Maybe(JsonObject parent, string name, Func<JsonNode?> value)
    {
        if (random.Next(2) == 0) parent[name] = value();
    }

    private JsonNode Text() => JsonValue.Create(((string[])["one", "two", "three"])[random.Next(3)]);

    private JsonObject Map(Func<JsonNode?> value)
    {
        var map = new JsonObject();
        foreach (var name in (string[])["a", "b", "c"]) Maybe(map, name, value);
        return map.Count > 0 ? map : new JsonObject { ["d"] = value() };
    }

    private JsonArray Some(params string[] values)
    {
        random.Shuffle(values);
        return new JsonArray([.. values.Take(random.Next(values.Length) + 1).Select(v => (JsonNode?)v)]);
    }

    private JsonArray Ports()
    {
        var ports = new JsonArray();
        foreach (var (name, protocol) in new[] { ("http", "TCP"), ("http", "UDP"), ("ssh", null) }.OrderBy(_ => random.Next()).Take(random.Next(3) + 1))
        {
            var port = new JsonObject { ["name"] = name };
            if (protocol is not null) port["protocol"] = protocol;
            Maybe(port, "port", () => random.Next(2) == 0 ? JsonValue.Create(80) : JsonValue.Create("web"));
            ports.Add(port);
        }
        return ports;
    }

    /// <summary>What a field without a schema may hold.</summary>
    private JsonNode? Anything(int depth) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => JsonValue.Create(random.Next(2) == 0),
        1 => Text(),
        2 => JsonValue.Create(random.Next(2)),
        3 => Map(() => Anything(depth - 1)),
        _ => new JsonArray(Text(), Text()),
    };
}
