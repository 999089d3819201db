namespace Kontena.Kubernetes.Runtime;

/// <summary>The four cases of a finalizer of ours: held or not, object alive or being deleted.</summary>
public enum FinalizerState
{
    /// <summary>Alive, not held: add it, before anything is made outside of the cluster.</summary>
    Absent,

    /// <summary>Alive and held: do the work.</summary>
    Held,

    /// <summary>Being deleted and held: clean up, then remove it.</summary>
    CleanUp,

    /// <summary>Being deleted, not held: nothing of ours is left; others may still hold it.</summary>
    Released,
}
