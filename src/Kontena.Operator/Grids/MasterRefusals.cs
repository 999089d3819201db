using System.Text.Json;
using Kontena.Operator.Core.Grids;

namespace Kontena.Operator.Grids;

/// <summary>From an answer that is no success to a fault (kontena server/app/routes/v1, "halt_request"): the one table.</summary>
internal sealed class MasterRefusals(MasterEndpoint endpoint)
{
    private const int LongestText = 300;

    /// <summary>
    /// A run of base64 or hex as long as this is no word: the Master's tokens have 88 characters, and the first refusal may come before it is
    /// known what the grid's token is.
    /// </summary>
    private const int LongestWord = 32;

    /// <summary>Whatever is asked for: a proxy's day would leave a grid alone for a day.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Of the grid, once it is known: no text that holds it is shown.</summary>
    public SecretText? GridToken { get; set; }

    /// <param name="secrets">Those that this very call sent.</param>
    public MasterException Of(MasterCall call, MasterAnswer answer, params IReadOnlyList<SecretText> secrets)
    {
        var status = (int)answer.Status;
        using var document = answer.Read();
        var isMaster = answer.Version is not null && document is not null;
        var (field, text) = document is null ? (null, null) : Words(document.RootElement);
        if (text is not null && GivesAway(text, secrets)) text = null;
        var said = text is null ? $"HTTP {status}" : $"HTTP {status}: {text}";
        return status switch
        {
            >= 500 => Fault(MasterFault.Unavailable, $"the Master at {endpoint.Place} is out of order (HTTP {status})", mayHaveArrived: true),
            429 => Fault(MasterFault.Throttled, $"the Master at {endpoint.Place} asks to wait"),
            _ when !isMaster => Fault(MasterFault.NotAMaster, $"what answers at {endpoint.Place} is no Kontena Master (HTTP {status}). Correct spec.master.url", mayHaveArrived: status < 400),
            401 or 403 when IsAboutToken(document!.RootElement) => Fault(MasterFault.BadToken, $"the Master at {endpoint.Place} does not accept the access token ({said}). Write a valid one into the Secret of spec.master.tokenRef"),
            401 or 403 => Fault(MasterFault.NotAllowed, $"the access token's user may not do this at the Master ({said}). It needs the role grid_admin for the grid {endpoint.GridName}"),
            // Of nodes it never gets here: whoever asks for one takes a 404 for "not there", once the grid is seen to be.
            404 => Fault(MasterFault.NotFound, $"the Master at {endpoint.Place} has no grid {endpoint.GridName}. Make it there, or correct spec.name"),
            400 or 409 or 422 => Fault(MasterFault.Refused, $"the Master refuses ({said})"),
            _ => Fault(MasterFault.NotAMaster, $"the Master at {endpoint.Place} answers in a way that this version does not understand (HTTP {status})", mayHaveArrived: status < 400),
        };

        MasterException Fault(MasterFault fault, string what, bool mayHaveArrived = false) => new(fault, $"{call.What}: {what}.")
        {
            OutcomeUnknown = call.Writes && mayHaveArrived,
            Field = fault == MasterFault.Refused ? field : null,
            RetryAfter = answer.RetryAfter is { } wait && wait > TimeSpan.Zero ? wait < LongestWait ? wait : LongestWait : null,
        };
    }

    /// <summary>A success that cannot be read.</summary>
    public MasterException Unreadable(MasterCall call) =>
        new(MasterFault.NotAMaster, $"{call.What}: {endpoint.Place} answers in a form that no Kontena Master of a known version uses. Check spec.master.url.") { OutcomeUnknown = call.Writes };

    /// <summary>The Master's own text for people, of either shape, without control characters; null where it has none or gives a secret away.</summary>
    public string? TextOf(MasterAnswer answer)
    {
        using var document = answer.Read();
        return document is not null && Words(document.RootElement).Text is { } text && !GivesAway(text, []) ? text : null;
    }

    /// <summary><c>{"error":"text"}</c> with an optional <c>error_description</c>, or <c>{"error":{"field":"text"}}</c>.</summary>
    private static (string? Field, string? Text) Words(JsonElement root)
    {
        if (!root.TryGetProperty("error", out var error)) return (null, null);
        if (error.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in error.EnumerateObject())
                return (IsFieldName(member.Name) ? member.Name : null, member.Value.ValueKind == JsonValueKind.String ? Clean(member.Value.GetString()!) : null);
            return (null, null);
        }
        if (error.ValueKind != JsonValueKind.String) return (null, null);
        return (null, root.TryGetProperty("error_description", out var more) && more.ValueKind == JsonValueKind.String ? Clean(more.GetString()!) : Clean(error.GetString()!));
    }

    /// <summary>Anything else is no field of the API, and might be what the field holds.</summary>
    private static bool IsFieldName(string name) => name.Length is > 0 and < LongestWord && name.All(c => char.IsAsciiLetterLower(c) || c == '_');

    private static bool IsAboutToken(JsonElement root) =>
        root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String && error.GetString() is "invalid_token" or "access_denied" or "invalid_request";

    private static string Clean(string text)
    {
        var plain = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return plain.Length <= LongestText ? plain : plain[..(LongestText - 1)] + "…";
    }

    private bool GivesAway(string text, IReadOnlyList<SecretText> secrets)
    {
        if (secrets.Append(endpoint.Token).Append(GridToken).Any(s => s is not null && s.Reveal().Length > 0 && text.Contains(s.Reveal(), StringComparison.Ordinal))) return true;
        var run = 0;
        foreach (var c in text)
        {
            run = char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '_' or '-' ? run + 1 : 0;
            if (run >= LongestWord) return true;
        }
        return false;
    }
}
