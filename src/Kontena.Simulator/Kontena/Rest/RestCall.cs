using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>A request as the API sees it.</summary>
/// <param name="Path">Its segments, decoded.</param>
/// <param name="WantsJson">Whether Accept or Content-Type is application/json: some refusals are HTML otherwise.</param>
/// <param name="GridToken">The header Kontena-Grid-Token of deprecated calls.</param>
internal sealed record RestCall(string Method, string[] Path, bool All, byte[] Body, string? Bearer, string? GridToken, bool WantsJson)
{
    /// <summary>The body as an object; an empty body is an empty object.</summary>
    /// <exception cref="RestRefusal">400: it is no JSON.</exception>
    public JsonObject Json()
    {
        if (Body.Length == 0) return [];
        try
        {
            // JSON that is no object makes the real Master fail, not refuse.
            var body = JsonNode.Parse(Body) as JsonObject ?? throw new Database.DatabaseFailure("The body is not an object.");
            // A field that is there twice is only noticed when the object is looked into.
            _ = body.Count;
            return body;
        }
        catch (ArgumentException)
        {
            throw new Database.DatabaseFailure("The body has a field twice.");
        }
        catch (JsonException)
        {
            throw RestRefusal.With(400, "Invalid json");
        }
    }
}
