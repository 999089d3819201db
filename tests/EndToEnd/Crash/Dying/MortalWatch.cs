using System.Runtime.CompilerServices;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Dying;

/// <summary>Events reach a process only while it runs.</summary>
internal sealed class MortalWatch<T>(IWatch<T> inner, MortalProcess process) : IWatch<T> where T : class, IResource
{
    public async IAsyncEnumerable<WatchEvent<T>> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var line in inner.EventsAsync(ct))
        {
            await process.ArrivalAsync(MortalApi.LastWords);
            yield return line;
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
