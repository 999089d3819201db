using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>What the API server answered, undecoded: a test compares what was on the wire, not what a client made of it.</summary>
public sealed record ApiAnswer(int Code, string ContentType, string Text, IReadOnlyList<string> Warnings)
{
    /// <summary>The answer as JSON; throws when it is not an object.</summary>
    public JsonObject Json => JsonNode.Parse(Text) as JsonObject ?? throw new InvalidOperationException($"HTTP {Code}, not a JSON object: {Text}");

    /// <summary>The answer's JSON, or an <see cref="InvalidOperationException"/> with code and text for anything but 2xx.</summary>
    public JsonObject Succeeded() =>
        Code is >= 200 and < 300 ? Json : throw new InvalidOperationException($"HTTP {Code}: {Text}");
}
