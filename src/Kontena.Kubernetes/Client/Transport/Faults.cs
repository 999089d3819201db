using System.Net;
using System.Text.Json;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>From what came back, or did not, to a <see cref="KubeFault"/>.</summary>
internal static class Faults
{
    private const int MaxStatus = 1024 * 1024;
    private const int MaxWords = 1000;

    /// <summary>An answer that is not a success.</summary>
    public static async Task<KubeFault> FromAnswerAsync(Answer answer, TimeProvider time, CancellationToken ct)
    {
        var status = await ReadStatusAsync(answer, ct);
        var reason = Reason(answer, status);
        var words = status is null ? $" with a body of {answer.MediaType ?? "no content type"}, which is not the API server's Status"
            : string.IsNullOrEmpty(status.Message) ? "" : $": {Bound(status.Message)}";
        var redirect = answer.Code is >= 300 and < 400 ? "; redirects are not followed" : "";
        return new KubeFault(reason, $"{answer.Call.What} was answered {answer.Code} {(HttpStatusCode)answer.Code}{words}{redirect}", status)
        {
            RetryAfter = RetryAfter(answer, status, time),
            // Refused for certain: 429, all of 4xx but a server's own time-out, and 5xx that mean "I do not do this at all".
            OutcomeUnknown = answer.Call.MayChange && answer.Code is 408 or (>= 500 and not (501 or 505)),
        };
    }

    /// <summary>A success whose body is not what was asked for.</summary>
    /// <param name="what">What came, in words that quote nothing of the body.</param>
    public static KubeFault Unexpected(Answer answer, string what) =>
        new(FaultReason.ServerError, $"{answer.Call.What} was answered {answer.Code} with {what}") { OutcomeUnknown = answer.Call.MayChange };

    /// <summary>A success whose JSON cannot be read. The parser's exception is left out: it may quote the body.</summary>
    public static KubeFault Unreadable(Answer answer, JsonException e) =>
        Unexpected(answer, $"JSON that cannot be read{At(e)}");

    /// <summary>Where in a document the parser stopped: a path of names, no value.</summary>
    public static string At(JsonException e) => string.IsNullOrEmpty(e.Path) ? "" : $" (at {Bound(e.Path, 200)})";

    /// <summary>No answer, or one that broke off.</summary>
    public static KubeFault Unreachable(ApiCall call, string problem, bool sent, Exception? inner) =>
        new(FaultReason.Unreachable, $"{call.What}: {problem}", inner: inner) { OutcomeUnknown = call.MayChange && sent };

    /// <summary>The Status without the token that signed the request, should the server repeat it.</summary>
    public static KubeStatus Cleaned(KubeStatus status, Auth.Credential credential) => status with
    {
        Message = credential.Hide(status.Message),
        Details = status.Details is not { } details ? null : details with
        {
            Causes = details.Causes is null ? [] : [.. details.Causes.Select(c => c with { Message = credential.Hide(c.Message) })],
        },
    };

    private static async Task<KubeStatus?> ReadStatusAsync(Answer answer, CancellationToken ct)
    {
        if (!answer.IsJson || await Body.ReadBytesAsync(answer, MaxStatus, ct) is not { } bytes || JsonKind.Of(bytes) != "Status") return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, ClientJson.Default.KubeStatus) is { } status ? Cleaned(status, answer.Credential) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FaultReason Reason(Answer answer, KubeStatus? status) => answer.Code switch
    {
        // What these mean does not depend on who says it: a proxy in front refuses as truly as the server.
        401 => FaultReason.Unauthorized,
        403 => FaultReason.Forbidden,
        413 => FaultReason.BadRequest,
        429 => FaultReason.TooManyRequests,
        _ when status is null => FaultReason.ServerError,
        404 => IsAboutTheObject(answer.Call, status) ? FaultReason.NotFound : FaultReason.ServerError,
        408 => FaultReason.ServerError,
        409 => status.Reason == "AlreadyExists" ? FaultReason.AlreadyExists : FaultReason.Conflict,
        410 => FaultReason.Expired,
        422 => FaultReason.Invalid,
        >= 400 and < 500 => FaultReason.BadRequest,
        _ => FaultReason.ServerError,
    };

    // A gateway that fronts many clusters answers 404 with a Status of its own (about a cluster); taken for the object's
    // absence it would make a machine be deleted or created twice.
    private static bool IsAboutTheObject(ApiCall call, KubeStatus status)
    {
        if (status.Reason != "NotFound") return false;
        var name = status.Details?.Name;
        return call.Key is not { } key || string.IsNullOrEmpty(name) || name == key.Name || name == key.Namespace;
    }

    private static TimeSpan? RetryAfter(Answer answer, KubeStatus? status, TimeProvider time)
    {
        var wait = answer.RetryAfter?.Delta
            ?? answer.RetryAfter?.Date - time.GetUtcNow()
            ?? (status?.Details?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : default(TimeSpan?));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Bound(string text, int max = MaxWords) => text.Length <= max ? text : text[..max] + "…";
}
