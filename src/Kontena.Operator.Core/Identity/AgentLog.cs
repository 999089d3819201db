using System.Globalization;

namespace Kontena.Operator.Core.Identity;

/// <summary>
/// Reads close codes out of an agent's log, of every version since 1.3 (kontena agent/lib/kontena/websocket_client.rb). Each line is looked through
/// once from the left, whatever is in it; what is too much is left out, the oldest first, as the newest tells how things stand.
/// </summary>
public static class AgentLog
{
    /// <summary>Lines that are longer are no lines of an agent.</summary>
    public const int LongestLine = 4096;

    /// <summary>How many characters are read, from the end.</summary>
    public const int MostCharacters = 1024 * 1024;

    /// <summary>How many records are given, the newest.</summary>
    public const int MostRecords = 256;

    private const string Source = "Kontena::WebsocketClient:";
    private const string Closed = "connection closed with code ";
    private const string NotReconnecting = "master indicates that this agent should not reconnect: ";
    private const string TokenRefused = "master does not accept our token";
    private const string VersionRefused = "master does not accept our version";
    private const string HostNode = "host node ";
    private const string Conflict = " connection conflict with new connection at ";
    private const string WasRemoved = " has been removed";
    private const string Initialised = "initialized with ";
    private const string WithId = ", node ID ";

    /// <returns>In the order of the lines.</returns>
    public static IReadOnlyList<AgentEvidence> Read(string log)
    {
        var text = log.AsSpan(Math.Max(0, log.Length - MostCharacters));
        var found = new Queue<AgentEvidence>();
        EngineId? id = null;
        foreach (var line in text.EnumerateLines())
        {
            if (line.Length > LongestLine) continue;
            var words = Words(line);
            if (words.StartsWith(Initialised, StringComparison.Ordinal)) id = IdIn(words) ?? id;
            else if (Of(words) is { } evidence)
            {
                found.Enqueue(evidence with { At = Time(line), NodeId = id });
                if (found.Count > MostRecords) found.Dequeue();
            }
        }
        return [.. found];
    }

    /// <summary>What the agent said, without what its logger, Docker or the journal put before it.</summary>
    private static ReadOnlySpan<char> Words(ReadOnlySpan<char> line)
    {
        var at = line.IndexOf(Source, StringComparison.Ordinal);
        if (at >= 0) return line[(at + Source.Length)..].Trim();
        // The documentation shows lines without the logger's part.
        var closed = line.IndexOf(Closed, StringComparison.Ordinal);
        return closed >= 0 ? line[closed..].Trim() : line.Trim();
    }

    private static AgentEvidence? Of(ReadOnlySpan<char> words)
    {
        if (words.StartsWith(Closed, StringComparison.Ordinal))
        {
            var rest = words[Closed.Length..];
            var digits = rest.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? rest : rest[..end];
            if (digits.Length != 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 1000 or > 4999) return null;
            return Named(new AgentEvidence(code), rest[4..].TrimStart(": "));
        }
        if (words.StartsWith(NotReconnecting, StringComparison.Ordinal))
        {
            var rest = words[NotReconnecting.Length..];
            return Named(new AgentEvidence(rest.Contains(Conflict, StringComparison.Ordinal) ? CloseCodes.NewerConnection : CloseCodes.Removed), rest);
        }
        if (words.StartsWith(TokenRefused, StringComparison.Ordinal)) return new AgentEvidence(4001);
        return words.StartsWith(VersionRefused, StringComparison.Ordinal) ? new AgentEvidence(4010) : null;
    }

    private static AgentEvidence Named(AgentEvidence evidence, ReadOnlySpan<char> reason)
    {
        if (!reason.StartsWith(HostNode, StringComparison.Ordinal)) return evidence;
        reason = reason[HostNode.Length..];
        var conflict = reason.IndexOf(Conflict, StringComparison.Ordinal);
        var end = conflict >= 0 ? conflict : reason.IndexOf(WasRemoved, StringComparison.Ordinal);
        if (end <= 0) return evidence;
        evidence = evidence with { NodeName = Name(reason[..end]) };
        return conflict >= 0 ? evidence with { NewerAt = Parse(reason[(conflict + Conflict.Length)..]) } : evidence;
    }

    /// <summary>Names at the Master have letters, digits, "_" and "-", and may come with their grid's; a longer or another text is none, and might be anything.</summary>
    private static string? Name(ReadOnlySpan<char> text)
    {
        if (text.Length > 255) return null;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '/' or '.'))
                return null;
        return text.ToString();
    }

    private static EngineId? IdIn(ReadOnlySpan<char> words)
    {
        var at = words.IndexOf(WithId, StringComparison.Ordinal);
        return at >= 0 && EngineId.TryParse(words[(at + WithId.Length)..].Trim().ToString(), out var id) ? id : null;
    }

    /// <summary>Of the logger: <c>W, [2018-03-01T12:00:00.123456 #7]  WARN -- …</c>.</summary>
    private static DateTimeOffset? Time(ReadOnlySpan<char> line)
    {
        var open = line.IndexOf('[');
        if (open < 0) return null;
        var inside = line[(open + 1)..];
        var end = inside.IndexOfAny(' ', ']');
        return end > 0 ? Parse(inside[..end]) : null;
    }

    private static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim().TrimEnd('.');
        // Ruby prints "2018-03-01 12:00:00 UTC".
        if (text.EndsWith(" UTC", StringComparison.Ordinal)) text = text[..^4];
        return text.Length is >= 19 and <= 40 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
