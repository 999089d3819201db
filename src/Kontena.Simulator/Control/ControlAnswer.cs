using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Control;

/// <summary>How the control endpoint reads and answers.</summary>
internal static class ControlAnswer
{
    /// <summary>204.</summary>
    public static Task Done(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task FailAsync(HttpContext http, int status, string message, CancellationToken ct) =>
        JsonAsync(http, status, new ControlError(message), ControlJson.Default.ControlError, ct);

    public static Task JsonAsync<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type, CancellationToken ct)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(http.Response.Body, value, type, ct);
    }

    /// <summary>Carries something out with the document that was sent; what is wrong with it is a 400 that says so.</summary>
    public static async Task ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, Func<T, Task> carryOut, CancellationToken ct)
    {
        try
        {
            await carryOut(await JsonSerializer.DeserializeAsync(http.Request.Body, type, ct) ?? throw new JsonException("The body is null."));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or OverflowException or FormatException)
        {
            await FailAsync(http, 400, e.Message, ct);
        }
    }
}
