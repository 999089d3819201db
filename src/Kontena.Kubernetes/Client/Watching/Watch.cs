using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kontena.Kubernetes.Client.Transport;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Client.Watching;

/// <summary>
/// An open watch. The server ends it by itself after the time that was asked for; a read that is still waiting a little
/// after that waits on a dead connection. Disposing it ends a running enumeration.
/// </summary>
internal sealed class Watch<T>(Answer answer, ResourceKind<T> kind, TimeSpan asked, int maxLineLength, TimeProvider time) : IWatch<T>
    where T : class, IResource
{
    /// <summary>How much later than its own deadline a living server may be.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource closed = new();
    private readonly CancellationTokenSource silent = new();
    private readonly long openedAt = time.GetTimestamp();
    private int enumerations;
    private int disposals;

    public async IAsyncEnumerable<WatchEvent<T>> EventsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        if (Interlocked.Increment(ref enumerations) > 1) throw new InvalidOperationException("A watch is enumerated once");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, closed.Token, silent.Token);
        await using var watchdog = time.CreateTimer(_ => silent.Cancel(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (await OpenAsync(limit.Token, ct) is not { } lines) yield break;
        await using (lines)
        {
            while (await ReadAsync(lines, watchdog, limit.Token, ct))
            {
                while (!closed.IsCancellationRequested && lines.TryNext(out var line)) yield return Parse(line);
                if (lines.Overflowed) throw Fault($"sent a line of more than {maxLineLength} bytes");
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposals, 1) == 0)
        {
            closed.Cancel();
            answer.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private async ValueTask<WatchLines?> OpenAsync(CancellationToken limit, CancellationToken ct)
    {
        try
        {
            return new WatchLines(await answer.OpenBodyAsync(limit), maxLineLength);
        }
        catch (Exception e) when (IsEnd(e, ct))
        {
            return null;
        }
    }

    private async ValueTask<bool> ReadAsync(WatchLines lines, ITimer watchdog, CancellationToken limit, CancellationToken ct)
    {
        // A server that overruns its time but still sends is alive: past it every read has the grace to itself.
        var left = asked + Grace - time.GetElapsedTime(openedAt);
        watchdog.Change(left > Grace ? left : Grace, Timeout.InfiniteTimeSpan);
        try
        {
            return await lines.ReadAsync(limit);
        }
        catch (Exception e) when (IsEnd(e, ct))
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Faults.Unreachable(answer.Call, $"the connection stayed silent past {asked.TotalSeconds} s and {Grace.TotalSeconds} s of grace", sent: false, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Faults.Unreachable(answer.Call, "the connection broke", sent: false, e);
        }
        finally
        {
            watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // Whatever a read makes of a connection that we closed ourselves is the end that was asked for.
    private bool IsEnd(Exception e, CancellationToken ct) =>
        closed.IsCancellationRequested && !ct.IsCancellationRequested
        && e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException;

    private WatchEvent<T> Parse(in ReadOnlySequence<byte> line)
    {
        try
        {
            return WatchFrame.Parse(line, kind, answer.Credential);
        }
        catch (JsonException e)
        {
            throw Fault($"sent a line that cannot be read{Faults.At(e)}");
        }
    }

    private KubeFault Fault(string problem) => new(FaultReason.ServerError, $"{answer.Call.What}: the server {problem}");
}
