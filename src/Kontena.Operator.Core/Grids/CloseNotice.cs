using System.Globalization;

namespace Kontena.Operator.Core.Grids;

/// <summary>
/// What the Master says in <c>health</c> of an agent that is not connected: "Websocket connection rejected at T with code C: R", or "Websocket
/// disconnected at T with code C: R" (kontena server/app/services/host_nodes/health.rb).
/// </summary>
/// <param name="Rejected">The connection was refused at once; else it had been accepted before.</param>
/// <param name="Code">4000 to 4999 come from the Master itself.</param>
/// <param name="Reason">The Master's words after the code.</param>
public sealed record CloseNotice(bool Rejected, int Code, string Reason)
{
    private const string Refused = "rejected at ";
    private const string Closed = "disconnected at ";
    private const string WithCode = " with code ";

    /// <returns>Null where the text says something else.</returns>
    public static CloseNotice? Of(string? text)
    {
        if (text is null) return null;
        var rejected = text.IndexOf(Refused, StringComparison.Ordinal);
        var from = rejected >= 0 ? rejected : text.IndexOf(Closed, StringComparison.Ordinal);
        if (from < 0 || text.IndexOf(WithCode, from, StringComparison.Ordinal) is var at && at < 0) return null;
        var rest = text.AsSpan(at + WithCode.Length);
        var colon = rest.IndexOf(':');
        if (colon < 0 || !int.TryParse(rest[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return null;
        return new CloseNotice(rejected >= 0, code, rest[(colon + 1)..].Trim().ToString());
    }
}
