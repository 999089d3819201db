using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>An <see cref="InformerState"/> with what is known in it.</summary>
internal abstract record Position<T>(InformerState State) where T : class, IResource
{
    public sealed record Empty() : Position<T>(InformerState.Empty);

    public sealed record Listing(List<T> Read, string? Continue, long Began, RelistBatch Requests) : Position<T>(InformerState.Listing);

    /// <param name="IsOld">Between the version and now there was a connection that ended: the server may have been put back to an earlier copy of its data.</param>
    public sealed record Listed(string Version, bool IsOld = false) : Position<T>(InformerState.Listed);

    /// <param name="Limit">After which the watch is dead, whatever the connection looks like.</param>
    public sealed record Watching(IWatch<T> Watch, string Version, TimeSpan Limit) : Position<T>(InformerState.Watching);

    public sealed record BackingOff(TimeSpan Wait, Position<T> Then) : Position<T>(InformerState.BackingOff);
}
