using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Ends a call with an error that the real Master answers. The message holds nothing of the body.</summary>
internal sealed class RestRefusal(RestAnswer answer) : Exception(answer.ToString())
{
    public RestAnswer Answer => answer;

    /// <summary><c>{"error": "…"}</c></summary>
    public static RestRefusal With(int status, string error) => new(RestAnswer.Json(status, new JsonObject { ["error"] = error }, error));

    public static RestRefusal NotFound() => With(404, "Not found");

    public static RestRefusal AccessDenied() => With(403, "Access denied");

    /// <summary>422 and <c>{"error": {"field": "…"}}</c>: the other shape.</summary>
    public static RestRefusal Invalid(string field, string message) =>
        new(RestAnswer.Json(422, new JsonObject { ["error"] = new JsonObject { [field] = message } }, field));
}
