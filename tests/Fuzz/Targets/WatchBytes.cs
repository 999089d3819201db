using System.Net;
using System.Net.Http.Headers;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Config;
using Kontena.Kubernetes.Client.Transport;
using Kontena.Kubernetes.Client.Watching;

namespace Kontena.Fuzz.Targets;

/// <summary>The client's own watch over bytes that a test wrote down, in reads of any sizes.</summary>
internal static class WatchBytes
{
    public const int MaxLine = 256 << 10;

    private static readonly ApiCall Call = new() { Verb = "watch", Resource = "widgets", What = "watch widgets", Method = HttpMethod.Get, Uri = "widgets" };

    private static readonly KubeAccess Access = new KubeConfig
    {
        Clusters = [new Cluster { Name = "c", Server = "http://127.0.0.1:1" }],
        Users = [new User { Name = "u" }],
        Contexts = [new Context("x", "c", "u", null)],
        CurrentContext = "x",
    }.Resolve();

    /// <param name="breaks">Whether the connection breaks after the bytes, or ends as a server ends it.</param>
    /// <returns>The events that came, and the fault that ended them.</returns>
    public static async Task<(IReadOnlyList<string> Events, KubeFault? Fault)> ReadAsync(byte[] bytes, int readSize, bool breaks)
    {
        using var connections = new Connections(Access, new KubeClientOptions(), TimeProvider.System);
        var content = new StreamContent(new ChoppedStream(bytes, readSize, breaks));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var answer = new Answer(Call, Credential.None, new HttpResponseMessage(HttpStatusCode.OK) { Content = content }, connections.Rent(null));
        var events = new List<string>();
        await using var watch = new Watch<FuzzWidget>(answer, FuzzWidget.Resource, TimeSpan.FromMinutes(5), MaxLine, TimeProvider.System);
        try
        {
            await foreach (var one in watch.EventsAsync(CancellationToken.None)) events.Add(Text(one));
            return (events, null);
        }
        catch (KubeFault fault)
        {
            return (events, fault);
        }
    }

    public static string Text(WatchEvent<FuzzWidget> one) => one switch
    {
        WatchEvent<FuzzWidget>.Added e => Text("ADDED", e.Resource),
        WatchEvent<FuzzWidget>.Modified e => Text("MODIFIED", e.Resource),
        WatchEvent<FuzzWidget>.Deleted e => Text("DELETED", e.Resource),
        WatchEvent<FuzzWidget>.Bookmark e => $"BOOKMARK {e.ResourceVersion} {e.EndsInitialEvents}",
        WatchEvent<FuzzWidget>.Failed e => $"ERROR {e.Status.Code} {e.Status.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(one), one, "unknown event"),
    };

    public static string Text(string type, FuzzWidget widget) =>
        $"{type} {widget.Kind} {widget.Metadata?.Namespace}/{widget.Metadata?.Name} {widget.Metadata?.Uid} {widget.Metadata?.ResourceVersion} {widget.Size}";

    private sealed class ChoppedStream(byte[] bytes, int readSize, bool breaks) : Stream
    {
        private int at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(readSize, buffer.Length), bytes.Length - at);
            if (count == 0 && breaks) throw new IOException("the connection was reset");
            bytes.AsSpan(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
