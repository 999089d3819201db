using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kontena.Standalone.Hosting;

/// <summary>Writes complete answers.</summary>
internal static class Answers
{
    public static Task JsonAsync(HttpResponse response, int code, JsonNode body, CancellationToken ct) =>
        BytesAsync(response, code, JsonText.Serialize(body), "application/json", ct);

    public static Task TextAsync(HttpResponse response, int code, string text, CancellationToken ct) =>
        BytesAsync(response, code, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8", ct);

    public static Task NotFoundAsync(HttpResponse response, CancellationToken ct) => TextAsync(response, 404, "404 page not found\n", ct);

    public static Task FaultAsync(HttpResponse response, StatusException fault, CancellationToken ct)
    {
        if (fault.Details?["retryAfterSeconds"].Integer() is { } seconds) response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return JsonAsync(response, fault.Code, fault.ToStatus(), ct);
    }

    /// <summary>One Warning header each, in the form of RFC 7234 §5.5 that kubectl prints.</summary>
    public static void AddWarnings(HttpResponse response, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            // Header values are ASCII without line breaks; field names can be anything.
            var plain = new string([.. warning.Select(c => c is >= ' ' and < '\x7f' ? c : '?')]);
            var quoted = plain.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            response.Headers.Append("Warning", $"299 - \"{quoted}\"");
        }
    }

    public static async Task BytesAsync(HttpResponse response, int code, byte[] body, string contentType, CancellationToken ct)
    {
        response.StatusCode = code;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-cache, private";
        await response.Body.WriteAsync(body, ct);
    }
}
