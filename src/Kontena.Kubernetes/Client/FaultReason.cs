namespace Kontena.Kubernetes.Client;

/// <summary>Why a call failed, as far as a caller acts differently on it.</summary>
public enum FaultReason
{
    /// <summary>404 with a Status: the object (or its namespace) does not exist. A bare 404 of a proxy is <see cref="ServerError"/>.</summary>
    NotFound,

    /// <summary>409 on create.</summary>
    AlreadyExists,

    /// <summary>409: the precondition (resourceVersion, UID) no longer holds. Read again.</summary>
    Conflict,

    /// <summary>422: the object breaks the schema or a rule; the causes name the fields.</summary>
    Invalid,

    /// <summary>Other 4xx: the request itself is wrong.</summary>
    BadRequest,

    /// <summary>410: the resourceVersion or the continue token is too old. List again.</summary>
    Expired,

    /// <summary>401, after one refresh of the credentials.</summary>
    Unauthorized,

    /// <summary>403: RBAC or admission refuses.</summary>
    Forbidden,

    /// <summary>429; see <see cref="KubeFault.RetryAfter"/>.</summary>
    TooManyRequests,

    /// <summary>5xx, or an answer that is not what the API promises.</summary>
    ServerError,

    /// <summary>No answer: refused, reset, timed out, silent.</summary>
    Unreachable,
}
