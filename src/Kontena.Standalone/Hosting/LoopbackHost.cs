using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kontena.Standalone.Hosting;

/// <summary>Kestrel on 127.0.0.1 with TLS, HTTP/1.1 and HTTP/2.</summary>
internal static class LoopbackHost
{
    /// <summary>Starts on <paramref name="port"/>; where that one is optional and taken, on a free one.</summary>
    public static async Task<WebApplication> StartAsync(
        int port, bool optional, X509Certificate2 certificate, RequestDelegate handler, ILoggerFactory logs, CancellationToken ct)
    {
        var app = Build(port, certificate, handler, logs);
        try
        {
            await app.StartAsync(ct);
            return app;
        }
        catch (IOException e) when (optional && port != 0 && e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            return await StartAsync(0, false, certificate, handler, logs, ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    private static WebApplication Build(int port, X509Certificate2 certificate, RequestDelegate handler, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // A line for each request would bury what the program has to say.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ForwardingLoggerProvider(logs));
        // The program that embeds this server owns the signals of the process.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // RequestBody has the bound: at Kestrel's own a connection is cut, and the client sees a broken pipe instead of the 413.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificate);
            });
        });
        var app = builder.Build();
        app.Run(handler);
        return app;
    }

    private sealed class ForwardingLoggerProvider(ILoggerFactory logs) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logs.CreateLogger(categoryName);

        public void Dispose()
        {
            // The factory belongs to the program.
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
