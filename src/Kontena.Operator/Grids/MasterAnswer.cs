using System.Net;
using System.Text.Json;

namespace Kontena.Operator.Grids;

/// <summary>What came back. Not a record: nearly every body of a Master holds the grid's token.</summary>
internal sealed class MasterAnswer(HttpStatusCode status, byte[] body)
{
    public HttpStatusCode Status => status;

    /// <summary>The header <c>X-Kontena-Version</c>, which every answer of a Master carries and no proxy's does.</summary>
    public string? Version { get; init; }

    public DateTimeOffset? Date { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset AnsweredAt { get; init; }

    public bool Succeeded => (int)status is >= 200 and < 300;

    /// <summary>The body; null where it is no JSON object. The parser's own error is dropped: it may quote the body.</summary>
    public JsonDocument? Read()
    {
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
