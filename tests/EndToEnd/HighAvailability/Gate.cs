using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kontena.TestKit.Engines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kontena.EndToEnd.HighAvailability;

internal enum Moment
{
    /// <summary>The request has come, and was not handed on.</summary>
    Arrived,

    /// <summary>It was carried out, and its sender does not know.</summary>
    Answered,
}

/// <summary>
/// The only way of one operator process to a server: every request is written down, can be held on its way there or back, and the whole can
/// fall silent, as behind a network that swallows. What was sent is handed on even when its sender is gone.
/// </summary>
internal sealed class Gate : IAsyncDisposable
{
    private static readonly HashSet<string> ownHeaders = new(["Host", "Connection", "Transfer-Encoding", "Content-Length", "Proxy-Connection", "Keep-Alive", "Expect"], StringComparer.OrdinalIgnoreCase);

    private readonly HttpClient http;
    private readonly Uri upstream;
    private readonly WebApplication server;
    private readonly ConcurrentQueue<GateCall> calls = [];
    private readonly CancellationTokenSource over = new();
    private volatile bool isSilent;

    private Gate(Uri upstream, X509Certificate2? authority)
    {
        this.upstream = upstream;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (authority is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(authority);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            // A sender that was stopped reads nothing for as long as it likes.
            options.Limits.MinResponseDataRate = null;
            options.Limits.MinRequestBodyDataRate = null;
        });
        server = builder.Build();
        server.Run(HandleAsync);
    }

    public Uri Address { get; private set; } = null!; // set once it listens

    public IReadOnlyList<GateCall> Calls => [.. calls];

    /// <summary>Asked of every call but watches at both moments; the call goes on when it returns.</summary>
    public Func<GateCall, Moment, Task> Passing { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<Gate> OpenAsync(Uri upstream, X509Certificate2? authority, CancellationToken ct)
    {
        var gate = new Gate(upstream, authority);
        await gate.server.StartAsync(ct);
        gate.Address = new Uri(gate.server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return gate;
    }

    /// <summary>The API server as this kubeconfig reaches it.</summary>
    public static Task<Gate> OpenAsync(ClusterAccess access, CancellationToken ct) => OpenAsync(access.Server, access.CertificateAuthority, ct);

    /// <summary>From now on nothing comes through, in neither direction, and nobody is told.</summary>
    public void Swallow() => isSilent = true;

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2), TimeProvider.System);
        await server.StopAsync(soon.Token);
        await server.DisposeAsync();
        http.Dispose();
        over.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            var call = await ReadAsync(context.Request);
            calls.Enqueue(call);
            if (isSilent) await SilenceAsync(context);
            var isWatch = context.Request.Query.ContainsKey("watch");
            if (!isWatch) await Passing(call, Moment.Arrived);
            using var request = Forwarded(context.Request, call);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, over.Token);
            if (isWatch) await FlowAsync(context, response);
            else await AnswerAsync(context, call, response);
        }
        // The sender, the server or the test is gone; the connection that is cut says so.
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, GateCall call, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync(over.Token);
        call.Status = (int)response.StatusCode;
        await Passing(call, Moment.Answered);
        if (isSilent) await SilenceAsync(context);
        Head(context, response);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task FlowAsync(HttpContext context, HttpResponseMessage response)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, over.Token);
        Head(context, response);
        await context.Response.Body.FlushAsync(either.Token);
        await using var events = await response.Content.ReadAsStreamAsync(either.Token);
        var buffer = new byte[64 * 1024];
        while (await events.ReadAsync(buffer, either.Token) is > 0 and var count)
        {
            if (isSilent) await SilenceAsync(context);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), either.Token);
            await context.Response.Body.FlushAsync(either.Token);
        }
    }

    private async Task SilenceAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, over.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token);
    }

    private static async Task<GateCall> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return new GateCall(TimeProvider.System.GetUtcNow(), request.Method, request.Path, await reader.ReadToEndAsync());
    }

    private HttpRequestMessage Forwarded(HttpRequest request, GateCall call)
    {
        var target = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(upstream, $"{request.Path.ToUriComponent()}{request.QueryString}"));
        if (call.Body.Length > 0) target.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(call.Body));
        foreach (var (name, values) in request.Headers.Where(h => !ownHeaders.Contains(h.Key)))
            if (!target.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) target.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        // Signed by the sender, where it asked a proxy.
        if (upstream.Scheme == "http") target.Headers.Host = request.Host.Value;
        return target;
    }

    private static void Head(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => !ownHeaders.Contains(h.Key))) context.Response.Headers[name] = values.ToArray();
    }
}
