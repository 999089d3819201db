namespace Kontena.Kubernetes.Runtime;

/// <summary>An informer of whatever kind, as hosts and controllers see it.</summary>
public interface IInformer
{
    /// <summary>The resource it watches, e.g. <c>nodepools.kontena.io</c>.</summary>
    string Name { get; }

    InformerState State { get; }

    /// <summary>True once one complete list is in the store.</summary>
    bool HasSynced { get; }

    /// <summary>Completes when <see cref="HasSynced"/> turns true.</summary>
    Task WaitForSyncAsync(CancellationToken ct);

    /// <summary>
    /// Has the store replaced by an uncached list that begins after this call.
    /// </summary>
    /// <exception cref="Kontena.Kubernetes.Client.KubeFault">That list failed; the informer itself goes on trying.</exception>
    Task RelistAsync(CancellationToken ct);

    /// <summary>Lists and watches until cancelled. Runs once. Faults of the API server never end it.</summary>
    Task RunAsync(CancellationToken ct);
}
