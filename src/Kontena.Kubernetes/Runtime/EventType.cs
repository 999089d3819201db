namespace Kontena.Kubernetes.Runtime;

/// <summary>The two types of Kubernetes Events.</summary>
public enum EventType
{
    Normal,

    /// <summary>Somebody may want to look.</summary>
    Warning,
}
