using Kontena.Simulator.Faults;
using Kontena.Simulator.Hosting;
using Kontena.Simulator.Kontena.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>HTTP around the REST API: reads the request, plays the faults of the wire, writes the answer, keeps the ledger. No body is ever written down.</summary>
internal sealed class RestEndpoint(RestRoutes routes, Authentication authentication, WireLedger wire, MasterVersion version, MasterClock clock, ILogger log)
{
    public async Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        if (await RequestBody.ReadAsync(http.Request, ct) is not { } body)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var call = Read(http.Request, body);
        var route = routes.Find(call);
        var entry = new WireCall(route.Action, route.Grid, route.Node, authentication.Find(call.Bearer)?.Name);
        var struck = wire.Strike(entry);
        if (!await WireFaults.HoldAsync(struck, clock, ct))
        {
            wire.Record(entry, struck, 0, null);
            http.Abort();
            return;
        }
        var answer = RefusedByFault(struck) ?? await AnswerAsync(call, route, ct);
        wire.Record(entry, struck, answer.Status, answer.Code);
        if (struck.Has(FaultKind.LostAnswer)) http.Abort();
        else await WriteAsync(http, struck.Has(FaultKind.HalfPage) ? answer with { Body = answer.Body[..(answer.Body.Length / 2)] } : answer, ct);
    }

    private async Task<RestAnswer> AnswerAsync(RestCall call, RestRoute route, CancellationToken ct)
    {
        try
        {
            return await route.Answer(route.NeedsToken ? authentication.Require(call) : null, ct);
        }
        catch (RestRefusal refusal)
        {
            return refusal.Answer;
        }
        catch (DatabaseFailure failure)
        {
            log.LogError("{Action} failed: {Problem}", route.Action, failure.Message);
            return RestAnswer.Failed();
        }
    }

    private static RestAnswer? RefusedByFault(IReadOnlyList<FaultEntry> struck) => struck.Select(f => f.Fault).Select(fault => fault.Kind switch
    {
        FaultKind.Throttle => RestAnswer.Json(429, new System.Text.Json.Nodes.JsonObject { ["error"] = "too_many_requests" }, "too_many_requests"),
        // A 503 comes from the proxy before the Master, and is no JSON.
        FaultKind.ServerError when fault.Code is "Unavailable" or "ServiceUnavailable" or "503" => new RestAnswer(
            503, "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n"u8.ToArray(), "text/html", "unavailable"),
        FaultKind.ServerError => RestAnswer.Failed(),
        FaultKind.AuthFailure => Authentication.InvalidToken("Invalid token"),
        FaultKind.Unauthorized => RestRefusal.AccessDenied().Answer,
        _ => null,
    }).FirstOrDefault(a => a is not null);

    private async Task WriteAsync(HttpContext http, RestAnswer answer, CancellationToken ct)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Body.Length;
        response.Headers["X-Kontena-Version"] = version.Text;
        response.Headers.Date = clock.GetUtcNow().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (answer.Authenticate is { } challenge) response.Headers.WWWAuthenticate = challenge;
        await response.Body.WriteAsync(answer.Body, ct);
    }

    private static RestCall Read(HttpRequest request, byte[] body)
    {
        var path = (request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var bearer = request.Headers.Authorization.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Bearer", var token, ..] ? token : null;
        var json = IsJson(request.Headers.Accept) || IsJson(request.ContentType);
        return new RestCall(request.Method, path, request.Query.ContainsKey("all"), body, bearer, request.Headers["Kontena-Grid-Token"], json);
    }

    private static bool IsJson(string? header) => header?.Split(';')[0].Trim() == RestAnswer.JsonType;
}
