using System.Net;
using Kontena.Operator.Hosting.Metrics;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kontena.Operator.Hosting.Health;

/// <summary>
/// Serves <c>/healthz</c> (the process answers), <c>/readyz</c> (every check holds, <c>?verbose</c> tells each) and
/// <c>/metrics</c> over plain HTTP/1.1. Stopped by disposing it: requests on their way are finished.
/// </summary>
public sealed class HealthServer : IAsyncDisposable
{
    private readonly KestrelServer server;
    private readonly HealthOptions options;

    private HealthServer(KestrelServer server, HealthOptions options)
    {
        this.server = server;
        this.options = options;
    }

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address => new(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <exception cref="IOException">The address is taken or is not one of this machine's.</exception>
    /// <exception cref="ArgumentException">Two checks of one name.</exception>
    public static async Task<HealthServer> StartAsync(
        HealthOptions options, IReadOnlyList<IReadinessCheck> checks, PrometheusRegistry metrics, ILoggerFactory logs, CancellationToken ct)
    {
        var probe = new ReadinessProbe(checks, options, logs.CreateLogger<HealthServer>());
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs);
        var server = new KestrelServer(Options.Create(ServerOptions(options.Listen)), transport, logs);
        try
        {
            await server.StartAsync(new HealthApplication(probe, metrics), ct);
            return new HealthServer(server, options);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(options.StopDeadline, options.Time);
        await server.StopAsync(deadline.Token);
        server.Dispose();
    }

    private static KestrelServerOptions ServerOptions(IPEndPoint listen)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false };
        settings.Limits.MaxRequestBodySize = 0;
        settings.Limits.MaxConcurrentConnections = 200;
        settings.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        settings.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // "Every interface" means IPv4 alone where the machine has no IPv6: ListenAnyIP falls back, Listen would fail.
        if (listen.Address.Equals(IPAddress.IPv6Any)) settings.ListenAnyIP(listen.Port, Http1);
        else settings.Listen(listen, Http1);
        return settings;
    }

    private static void Http1(ListenOptions endPoint) => endPoint.Protocols = HttpProtocols.Http1;
}
