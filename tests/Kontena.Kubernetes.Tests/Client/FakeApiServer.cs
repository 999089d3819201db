using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Tests.Client;

/// <summary>A server on loopback that answers as the test says and remembers what it was asked.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private int openConnections;
    private int connections;

    private FakeApiServer(WebApplication app) => this.app = app;

    public ConcurrentQueue<Seen> Requests { get; } = [];

    public Uri Url { get; private set; } = null!; // set by StartAsync, the only way to an instance

    public int OpenConnections => Volatile.Read(ref openConnections);

    /// <summary>All connections that were ever made.</summary>
    public int Connections => Volatile.Read(ref connections);

    public static Task<FakeApiServer> StartAsync(RequestDelegate answer) => StartAsync(answer, null);

    public static async Task<FakeApiServer> StartAsync(RequestDelegate answer, Action<HttpsConnectionAdapterOptions>? tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        FakeApiServer? server = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection => server!.CountAsync(connection, next));
            if (tls is not null) listen.UseHttps(tls);
        }));
        var app = builder.Build();
        server = new FakeApiServer(app);
        app.Run(context => server.AnswerAsync(context, answer));
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Url = new Uri(address);
        return server;
    }

    public static Task<FakeApiServer> StartAsync(X509Certificate2 certificate, RequestDelegate answer, bool askForCertificate = false) =>
        StartAsync(answer, tls =>
        {
            tls.ServerCertificate = certificate;
            if (!askForCertificate) return;
            tls.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            tls.AllowAnyClientCertificate();
        });

    public async ValueTask DisposeAsync()
    {
        // A graceful stop would wait for watches that a test left open.
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(new Seen(request.Method, target, body, request.Protocol,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            context.Connection.ClientCertificate?.Subject));
        await answer(context);
    }

    private async Task CountAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref connections);
        Interlocked.Increment(ref openConnections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref openConnections);
        }
    }
}

internal sealed record Seen(string Method, string Target, string Body, string Protocol, IReadOnlyDictionary<string, string> Headers, string? ClientCertificate)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>Answers in the API's formats.</summary>
internal static class Answers
{
    public static Task JsonAsync(this HttpContext context, string json, int code = 200) => context.TextAsync(json, "application/json", code);

    public static async Task TextAsync(this HttpContext context, string text, string contentType, int code)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static Task StatusAsync(this HttpContext context, int code, string reason, string message, string details = "{}") =>
        context.JsonAsync($$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""", code);

    /// <summary>The head of a watch, flushed.</summary>
    public static async Task BeginWatchAsync(this HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
    }

    public static async Task SendAsync(this HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Ends when the client goes away.</summary>
    public static async Task UntilAbortedAsync(this HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
