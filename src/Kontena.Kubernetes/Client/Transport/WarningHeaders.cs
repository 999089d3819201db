using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>The API server's advice (<c>Warning: 299 - "…"</c>, RFC 7234 §5.5): deprecated versions, unknown fields. Each text is told once.</summary>
internal sealed class WarningHeaders(Action<string>? told, ILogger log)
{
    // A server that puts a name or a time into its advice must not fill our memory.
    private const int MaxTexts = 500;
    private const int MaxLength = 500;

    private readonly ConcurrentDictionary<string, bool> seen = new(StringComparer.Ordinal);

    public void Tell(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Warning", out var values)) return;
        foreach (var value in values)
            if (WarningHeaderValue.TryParse(value, out var warning) && warning.Code == 299)
                TellOnce(Unquoted(warning.Text));
    }

    private void TellOnce(string text)
    {
        if (seen.Count >= MaxTexts || !seen.TryAdd(text, true)) return;
        log.LogDebug("The API server warns: {Warning}", text);
        told?.Invoke(text);
    }

    private static string Unquoted(string text)
    {
        var inner = text.Length >= 2 && text[0] == '"' ? text[1..^1] : text;
        var plain = inner.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return plain.Length <= MaxLength ? plain : plain[..MaxLength] + "…";
    }
}
