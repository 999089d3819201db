using System.Buffers;
using System.IO.Pipelines;

namespace Kontena.Kubernetes.Client.Watching;

/// <summary>Cuts a stream into lines without copying them. A line stays valid until the next read.</summary>
internal sealed class WatchLines(Stream stream, int maxLength) : IAsyncDisposable
{
    private readonly PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
    private ReadOnlySequence<byte> buffer;
    private long scanned;
    private bool started;
    private bool ended;

    /// <summary>More than the bound came without a line's end.</summary>
    public bool Overflowed => buffer.Length > maxLength;

    /// <summary>Waits for more bytes. False at the end of the stream: what is left then is half a line, which the server will send again.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        if (ended) return false;
        if (started) reader.AdvanceTo(buffer.Start, buffer.End);
        var result = await reader.ReadAsync(ct);
        started = true;
        buffer = result.Buffer;
        ended = result.IsCompleted;
        return true;
    }

    /// <summary>The next whole line of what was read, without its end and never blank.</summary>
    public bool TryNext(out ReadOnlySequence<byte> line)
    {
        // What an earlier read had scanned is not scanned again: a long line comes in many reads.
        while (buffer.Slice(scanned).PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            scanned = 0;
            if (!IsBlank(line)) return true;
        }
        scanned = buffer.Length;
        line = default;
        return false;
    }

    public ValueTask DisposeAsync() => reader.CompleteAsync();

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        return true;
    }
}
