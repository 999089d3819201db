using Kontena.Kubernetes.Client;

namespace Kontena.TestKit.MemoryApi;

/// <summary>Refusals in the API server's manner.</summary>
public static class Fault
{
    public static KubeFault NotFound(string what) => Of(FaultReason.NotFound, 404, $"{what} not found");

    public static KubeFault AlreadyExists(string what) => Of(FaultReason.AlreadyExists, 409, $"{what} already exists");

    public static KubeFault Conflict(string what) => Of(FaultReason.Conflict, 409, $"{what}: the object has been modified");

    public static KubeFault Invalid(string what) => Of(FaultReason.Invalid, 422, what);

    public static KubeFault BadRequest(string what) => Of(FaultReason.BadRequest, 400, what);

    public static KubeFault Expired(string what) => Of(FaultReason.Expired, 410, what);

    public static KubeFault Forbidden(string what) => Of(FaultReason.Forbidden, 403, what);

    public static KubeFault Unauthorized() => Of(FaultReason.Unauthorized, 401, "Unauthorized");

    public static KubeFault Unavailable(TimeSpan? retryAfter = null) =>
        new(FaultReason.ServerError, "503: etcd has no leader", new KubeStatus { Code = 503 }) { RetryAfter = retryAfter };

    public static KubeFault Throttled(TimeSpan retryAfter) =>
        new(FaultReason.TooManyRequests, "429: too many requests", new KubeStatus { Code = 429 }) { RetryAfter = retryAfter };

    /// <summary>No connection: nothing was sent.</summary>
    public static KubeFault Unreachable() => new(FaultReason.Unreachable, "connection refused");

    /// <summary>Sent, and no answer: a write may have been carried out.</summary>
    public static KubeFault AnswerLost() => new(FaultReason.Unreachable, "connection reset while waiting for the answer") { OutcomeUnknown = true };

    private static KubeFault Of(FaultReason reason, int code, string message) => new(reason, $"{code}: {message}", new KubeStatus { Code = code, Message = message });
}
