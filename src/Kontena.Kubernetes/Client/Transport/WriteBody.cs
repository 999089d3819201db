using System.Net;
using System.Net.Http.Headers;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>
/// The bytes of a write, and whether they were begun to be sent. As long as they were not, a failed call certainly changed
/// nothing, however it failed.
/// </summary>
internal sealed class WriteBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> body;

    public WriteBody(ReadOnlyMemory<byte> body, string mediaType)
    {
        this.body = body;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    public bool WasSent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasSent = true;
        await stream.WriteAsync(body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
