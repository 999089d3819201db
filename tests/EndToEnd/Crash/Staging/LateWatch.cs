using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Staging;

/// <summary>Passes every event on so much later than it came.</summary>
internal sealed class LateWatch<T>(IWatch<T> inner, TimeSpan lag, TimeProvider time) : IWatch<T> where T : class, IResource
{
    public async IAsyncEnumerable<WatchEvent<T>> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var arrived = Channel.CreateUnbounded<(WatchEvent<T> Line, DateTimeOffset Due)>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var reading = ReadAsync(arrived.Writer, over.Token);
        try
        {
            await foreach (var (line, due) in arrived.Reader.ReadAllAsync(ct))
            {
                if (due - time.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, ct);
                yield return line;
            }
        }
        finally
        {
            await over.CancelAsync();
            await reading;
        }
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async Task ReadAsync(ChannelWriter<(WatchEvent<T>, DateTimeOffset)> arrived, CancellationToken ct)
    {
        try
        {
            await foreach (var line in inner.EventsAsync(ct)) arrived.TryWrite((line, time.GetUtcNow() + lag));
            arrived.Complete();
        }
        // The reader's, whatever it is; a cancellation is its own.
        catch (Exception e) when (e is KubeFault or OperationCanceledException)
        {
            arrived.Complete(e);
        }
    }
}
