using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Brings the world in line with one object. Different keys run side by side, one key never twice at once.</summary>
public interface IReconciler
{
    /// <summary>Names the controller in logs, metrics and Events.</summary>
    string Name { get; }

    /// <summary>Level, not edge: it learns which object, never what happened, and reads the rest itself. Throwing means: try again after a back-off.</summary>
    /// <param name="ct">Cancelled at the controller's deadline, after the grace of a stop, and at once when leadership is lost.</param>
    Task<Next> ReconcileAsync(ObjectKey key, CancellationToken ct);
}
