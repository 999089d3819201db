using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>What happened to one object of a <see cref="Store{T}"/>, as a closed set.</summary>
public abstract record StoreChange<T> where T : class, IResource
{
    private StoreChange() { }

    public sealed record Added(T Resource) : StoreChange<T>;

    /// <summary>The same object (same UID) in a newer version.</summary>
    public sealed record Updated(T Before, T After) : StoreChange<T>;

    /// <param name="Last">As last seen; a delete that was missed is found by the next list.</param>
    public sealed record Removed(T Last) : StoreChange<T>;

    /// <summary>Nothing happened: the object is there. Sent for each object at subscription and at a resync.</summary>
    public sealed record Present(T Resource) : StoreChange<T>;
}
