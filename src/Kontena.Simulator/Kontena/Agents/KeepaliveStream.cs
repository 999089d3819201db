namespace Kontena.Simulator.Kontena.Agents;

/// <summary>
/// The connection under a WebSocket. .NET's WebSocket sends pings by a timer of its own and tells nobody of the pongs; the Master decides at each pong whether an
/// agent may stay. So pings are written here, between the frames of the WebSocket (it writes each with one call), and pongs are seen on their way in (RFC 6455, 5.2).
/// </summary>
internal sealed class KeepaliveStream(Stream inner) : Stream
{
    private const byte Final = 0x80;
    private const byte PingOpcode = 0x9;
    private const byte PongOpcode = 0xA;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly byte[] header = new byte[14];
    private int headerLength;
    private long payloadLeft;

    /// <summary>A pong came in. Called on the reading thread.</summary>
    public Action Pong { get; set; } = static () => { };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes an empty ping, unmasked as a server's frames are.</summary>
    public ValueTask PingAsync(CancellationToken ct) => WriteAsync(new byte[] { Final | PingOpcode, 0 }, ct);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Watch(buffer.Span[..read]);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Follows the frames: header, then as many bytes as it says, in whatever pieces they arrive.</summary>
    private void Watch(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty)
        {
            if (payloadLeft > 0)
            {
                var skipped = (int)Math.Min(payloadLeft, read.Length);
                payloadLeft -= skipped;
                read = read[skipped..];
                continue;
            }
            header[headerLength++] = read[0];
            read = read[1..];
            if (headerLength < 2 || headerLength < HeaderNeeds()) continue;
            payloadLeft = PayloadLength();
            headerLength = 0;
            if ((header[0] & 0x0F) == PongOpcode) Pong();
        }
    }

    private int HeaderNeeds() => 2 + ((header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 }) + ((header[1] & 0x80) != 0 ? 4 : 0);

    private long PayloadLength() => (header[1] & 0x7F) switch
    {
        126 => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)),
        // The WebSocket above refuses a length that does not fit; then it does not matter what is counted here.
        127 => System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(2)),
        var length => length,
    };
}
