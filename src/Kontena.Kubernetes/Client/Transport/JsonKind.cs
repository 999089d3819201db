using System.Text.Json;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>The <c>kind</c> of a document, found without decoding the rest of it.</summary>
internal static class JsonKind
{
    /// <summary>Null where the text is not a JSON object with a textual <c>kind</c>.</summary>
    public static string? Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("kind"u8);
                reader.Read();
                if (found) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not JSON, so of no kind.
        }
        return null;
    }
}
