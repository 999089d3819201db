using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Control;

/// <summary>
/// <c>/_control</c>: faults and state as JSON. It asks for no credentials, since it is only on loopback; a page in a browser on the same machine
/// is kept out by refusing what carries an Origin.
/// </summary>
internal sealed class ControlEndpoint(FaultBook faults, Ec2Cloud ec2, TimeProvider time)
{
    public const string Prefix = "/_control/";
    private const string Faults = Prefix + "faults";

    public Task HandleAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.Headers.ContainsKey("Origin")) return FailAsync(http, 403, "Browsers are not let in.", ct);
        var path = http.Request.Path.Value ?? "";
        return (http.Request.Method, path) switch
        {
            ("GET", Faults) => AnswerAsync(http, 200, [.. faults.All.Select(FaultView.Of)], ControlJson.Default.IReadOnlyListFaultView, ct),
            ("POST", Faults) => AddAsync(http, ct),
            ("DELETE", Faults) => ClearAsync(http),
            ("DELETE", _) when path.StartsWith(Faults + "/", StringComparison.Ordinal) => RemoveAsync(http, path[(Faults.Length + 1)..], ct),
            ("GET", Prefix + "state") => AnswerAsync(http, 200, State(), ControlJson.Default.StateView, ct),
            _ => FailAsync(http, 404, $"There is no {http.Request.Method} {path}; see docs/simulator.md.", ct),
        };
    }

    private StateView State() =>
        new(time.GetUtcNow(), new(ec2.Instances, ec2.Calls.Total, ec2.Calls.Counts, ec2.Calls.Recent), [.. faults.All.Select(FaultView.Of)]);

    private async Task AddAsync(HttpContext http, CancellationToken ct)
    {
        FaultView added;
        try
        {
            var document = await JsonSerializer.DeserializeAsync(http.Request.Body, ControlJson.Default.FaultDocument, ct)
                ?? throw new JsonException("The body is null.");
            added = FaultView.Of(faults.Add(document.ToFault()));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException)
        {
            await FailAsync(http, 400, e.Message, ct);
            return;
        }
        await AnswerAsync(http, 201, added, ControlJson.Default.FaultView, ct);
    }

    private Task ClearAsync(HttpContext http)
    {
        faults.Clear();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RemoveAsync(HttpContext http, string id, CancellationToken ct)
    {
        if (!faults.Remove(id)) return FailAsync(http, 404, $"There is no fault {id}.", ct);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task FailAsync(HttpContext http, int status, string message, CancellationToken ct) =>
        AnswerAsync(http, status, new ControlError(message), ControlJson.Default.ControlError, ct);

    private static Task AnswerAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type, CancellationToken ct)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, ct);
    }
}
