namespace Kontena.Kubernetes.Client;

/// <summary>A call to the API server that did not succeed. The message never holds a body, a token or a Secret's value.</summary>
public sealed class KubeFault : Exception
{
    public KubeFault(FaultReason reason, string message, KubeStatus? status = null, Exception? inner = null)
        : base(message, inner)
    {
        Reason = reason;
        Status = status;
    }

    public FaultReason Reason { get; }

    /// <summary>The server's own words, where it sent a Status.</summary>
    public KubeStatus? Status { get; }

    /// <summary>How long the server asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True when a write may have been carried out although the call failed (connection lost after sending, 5xx, time-out):
    /// the caller must read before it writes again. Always false for reads.
    /// </summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>True for a fault that another try may cure without anybody's help.</summary>
    public bool IsTransient => Reason is FaultReason.TooManyRequests or FaultReason.ServerError or FaultReason.Unreachable;
}
