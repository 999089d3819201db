using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kontena.Simulator.Hosting;

/// <summary>TLS under a Kestrel that has no host: its own UseHttps asks a host's services for what only a host registers.</summary>
internal static class TlsConnections
{
    public static void UseTls(this ListenOptions listen, X509Certificate2 certificate) =>
        listen.Use(next => connection => ServeAsync(connection, certificate, next));

    private static async Task ServeAsync(ConnectionContext connection, X509Certificate2 certificate, ConnectionDelegate next)
    {
        var plain = connection.Transport;
        await using var tls = new SslStream(new TransportStream(plain));
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, connection.ConnectionClosed);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            // The other side does not trust the certificate, or speaks no TLS: it knows why.
            return;
        }
        connection.Transport = new Pipes(PipeReader.Create(tls), PipeWriter.Create(tls));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = plain;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The two pipes of a connection as the one stream that SslStream wants.</summary>
    private sealed class TransportStream(IDuplexPipe transport) : Stream
    {
        private readonly Stream input = transport.Input.AsStream(leaveOpen: true);
        private readonly Stream output = transport.Output.AsStream(leaveOpen: true);

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            output.WriteAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
