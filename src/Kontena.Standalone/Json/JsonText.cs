using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kontena.Standalone.Json;

/// <summary>
/// UTF-8 to <see cref="JsonNode"/> and back. The parser is our own because <see cref="JsonNode.Parse(string, JsonNodeOptions?, JsonDocumentOptions)"/>
/// throws late on duplicate names, where Kubernetes reports each with its path and lets the last one win.
/// </summary>
internal static class JsonText
{
    /// <summary>Levels of a document. What is stored must stay below it, or it could not be read again.</summary>
    public const int MaxDepth = 128;

    /// <summary>The same form as <see cref="Serialize"/>, for small values.</summary>
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * MaxDepth,
    };

    public static byte[] Serialize(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    public static string SerializeToString(JsonNode? node) =>
        node is null ? "null" : System.Text.Encoding.UTF8.GetString(Serialize(node));

    /// <exception cref="JsonException">The text is not JSON, or its root is not an object.</exception>
    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8, ICollection<string>? duplicates = null) =>
        Parse(utf8, duplicates) as JsonObject ?? throw new JsonException("the document must be a JSON object");

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, ICollection<string>? duplicates = null)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read()) throw new JsonException("the document is empty");
        var node = ReadValue(ref reader, "", duplicates);
        if (reader.Read()) throw new JsonException("there is more than one JSON value");
        return node;
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates),
        JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates),
        JsonTokenType.String => JsonValue.Create(ReadString(ref reader)),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        _ => throw new JsonException($"unexpected token {reader.TokenType}"),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates)
    {
        var result = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = ReadString(ref reader);
            var child = FieldPath.Child(path, name);
            reader.Read();
            if (result.ContainsKey(name)) duplicates?.Add(child);
            result[name] = ReadValue(ref reader, child, duplicates);
        }
        return result;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, string path, ICollection<string>? duplicates)
    {
        var result = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            result.Add(ReadValue(ref reader, FieldPath.Index(path, result.Count), duplicates));
        return result;
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        // A lone surrogate or a malformed UTF-8 sequence is an InvalidOperationException, although it is the document that is wrong.
        try { return reader.GetString()!; }
        catch (InvalidOperationException e) { throw new JsonException("a string is not valid UTF-8", e); }
    }

    private static JsonValue ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return JsonValue.Create(whole);
        return reader.TryGetDouble(out var real) && double.IsFinite(real)
            ? JsonValue.Create(real)
            : throw new JsonException("a number is out of range");
    }
}
