using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>An open watch, read frame by frame.</summary>
public sealed class ApiWatch(HttpResponseMessage response, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan frameDeadline = Eventually.Patience;

    public int Code => (int)response.StatusCode;

    /// <summary>The next frame, or null when the server closed the stream; <see cref="TimeoutException"/> when none comes for <see cref="Eventually.Patience"/>.</summary>
    public async Task<JsonObject?> NextAsync(CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(frameDeadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await lines.ReadLineAsync(both.Token) is { } line ? JsonNode.Parse(line)!.AsObject() : null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"No watch frame within {frameDeadline}.");
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }
}
