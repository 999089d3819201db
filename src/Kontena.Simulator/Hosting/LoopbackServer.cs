using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontena.Simulator.Hosting;

/// <summary>
/// Kestrel on one loopback port, without a host and without middleware, so that nothing but the handler decides what is answered.
/// Disposing ends every request that is under way, hanging ones too, and every upgraded connection.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private readonly KestrelServer server;
    private readonly Application application;
    private bool disposed;

    private LoopbackServer(KestrelServer server, Application application) => (this.server, this.application) = (server, application);

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts listening; port 0 takes a free one.</summary>
    /// <param name="certificate">Where given, it speaks TLS.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LoopbackServer> StartAsync(
        int port, X509Certificate2? certificate, Func<HttpContext, CancellationToken, Task> handle, ILoggerFactory loggers, CancellationToken ct)
    {
        var application = new Application(handle);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var listening = new LoopbackServer(new KestrelServer(Options.Create(Listening(port, certificate)), sockets, loggers), application);
        try
        {
            await listening.server.StartAsync(application, ct);
        }
        catch
        {
            await listening.DisposeAsync();
            throw;
        }
        var bound = new UriBuilder(listening.server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        if (certificate is not null) bound.Scheme = Uri.UriSchemeHttps;
        listening.Address = bound.Uri;
        return listening;
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await application.StopAsync();
        // The network is real whatever the simulated clock says.
        using var deadline = new CancellationTokenSource(StopWithin, TimeProvider.System);
        await server.StopAsync(deadline.Token);
        server.Dispose();
        application.Dispose();
    }

    private static KestrelServerOptions Listening(int port, X509Certificate2? certificate)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is not null) listen.UseTls(certificate);
        });
        return options;
    }

    private sealed class Application(Func<HttpContext, CancellationToken, Task> handle) : IHttpApplication<HttpContext>, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping.Token);
            try
            {
                await handle(context, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                context.Abort();
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }

        public Task StopAsync() => stopping.CancelAsync();

        public void Dispose() => stopping.Dispose();
    }
}
