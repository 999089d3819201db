namespace Kontena.Kubernetes.Runtime;

/// <summary>Which of the ready keys run first.</summary>
public enum QueuePriority
{
    /// <summary>Something happened, or a wait is over.</summary>
    Change,

    /// <summary>Nothing happened: first sight after a start, and resyncs. Ten thousand of them must not delay one change.</summary>
    Resync,
}
