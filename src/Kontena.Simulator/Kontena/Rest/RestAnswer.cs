using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Rest;

/// <param name="Code">The error for the ledger: a word or the fields that were wrong, never a value.</param>
internal sealed record RestAnswer(int Status, byte[] Body, string ContentType, string? Code = null, string? Authenticate = null)
{
    public const string JsonType = "application/json";

    /// <summary>Ruby does not escape a plus or a slash, of which tokens are full.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RestAnswer Json(int status, JsonNode body, string? code = null) =>
        new(status, Encoding.UTF8.GetBytes(body.ToJsonString(Plain)), JsonType, code);

    public static RestAnswer Ok(JsonNode body) => Json(200, body);

    /// <summary>Roda's answer to a path that has no route.</summary>
    public static RestAnswer NoRoute() => new(404, [], "text/html", "no_route");

    /// <summary>What the error handler says of anything that it did not expect (kontena server/app/helpers/request_helpers.rb).</summary>
    public static RestAnswer Failed() => Json(500, new JsonObject { ["message"] = "Internal server error" }, "internal_server_error");

    public override string ToString() => $"HTTP {Status} {Code}";
}
