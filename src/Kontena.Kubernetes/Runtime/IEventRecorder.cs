using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>Tells people about an object, in <c>kubectl describe</c>.</summary>
public interface IEventRecorder
{
    /// <summary>Returns at once and never throws; an Event that cannot be written is dropped. Repeating one for an unchanged object is free.</summary>
    /// <param name="reason">One CamelCase word, stable enough to search for.</param>
    /// <param name="message">One sentence; cut to 1024 characters.</param>
    void Record<T>(ResourceKind<T> kind, T regarding, EventType type, string reason, string message) where T : class, IResource;
}
