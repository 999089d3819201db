using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kontena.Operator.Tests.Grids;

/// <summary>A server on loopback that answers as a test says, in the forms of a Master's own answers. Knows nothing of grids by itself.</summary>
internal sealed class MasterStand : IAsyncDisposable
{
    public const string Version = "1.5.4";

    private readonly WebApplication app;
    private readonly Dictionary<string, Func<HttpContext, Task>> answers = new(StringComparer.Ordinal);
    private readonly List<StandRequest> requests = [];
    private readonly Lock gate = new();

    private MasterStand(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l =>
        {
            if (certificate is not null) l.UseHttps(certificate);
        }));
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Run(AnswerAsync);
        Answers("GET /", """{"name":"Kontena Master","tagline":"Build, deploy, scale","version":"1.5.4"}""");
    }

    public static string GridToken { get; } = Canary.Of("grid-token-" + new string('g', 70));

    public static string NodeToken { get; } = Canary.Of("node-token-" + new string('n', 40));

    public static string AccessToken { get; } = Canary.Of("access-token-" + new string('a', 40));

    public static string GridJson { get; } = $$"""{"id":"prod","name":"prod","token":"{{GridToken}}","initial_size":3,"stats":{"statsd":null},"default_affinity":[],"trusted_subnets":["10.0.0.0/8"],"node_count":1,"service_count":0,"container_count":0,"user_count":1,"subnet":"10.81.0.0/16","supernet":"10.80.0.0/12"}""";

    public Uri Url => new(app.Urls.Single());

    public IReadOnlyList<StandRequest> Requests
    {
        get { lock (gate) return [.. requests]; }
    }

    public static async Task<MasterStand> OpenAsync(X509Certificate2? certificate = null)
    {
        var stand = new MasterStand(certificate);
        await stand.app.StartAsync();
        return stand;
    }

    /// <summary>A node as 1.5.4 shows it after its agent has reported.</summary>
    public static string NodeJson(string name, string fields = "") => $$"""
        {"id":"prod/{{name}}","node_id":"AAAA:BBBB","connected":true,"updated":true,"availability":"active","created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:06.000Z",
        "connected_at":"2026-01-02T03:05:00.000Z","last_seen_at":"2026-01-02T03:06:00.000Z","disconnected_at":null,"status":"online","has_token":true,"name":"{{name}}","os":"Flatcar","engine_root_dir":"/var/lib/docker",
        "driver":"overlay2","network_drivers":[{"name":"bridge"}],"volume_drivers":[],"kernel_version":"6.1","labels":["region=eu-west-1","az=a"],"mem_total":1,"mem_limit":1,"cpus":2,"public_ip":"192.0.2.1",
        "private_ip":"10.0.0.1","overlay_ip":"10.81.0.1","agent_version":"1.5.4","docker_version":"17.06.2-ce","peer_ips":[],"node_number":1,"initial_member":true,
        "grid":{"id":"prod","name":"prod","initial_size":3,"token":"{{GridToken}}","stats":{},"trusted_subnets":[],"subnet":"10.81.0.0/16","supernet":"10.80.0.0/12"},"resource_usage":{} {{fields}} }
        """;

    public KontenaMaster Client(TimeProvider? time = null, string? ca = null, Uri? url = null) =>
        new(new MasterEndpoint(url ?? Url, "prod", new SecretText(AccessToken)) { Ca = ca }, time ?? TimeProvider.System);

    /// <param name="version">Null leaves the header out, as a proxy does.</param>
    public void Answers(string request, string body, int status = 200, string? version = Version, string type = "application/json", (string Name, string Value)[]? headers = null) => Does(request, async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        if (version is not null) http.Response.Headers["X-Kontena-Version"] = version;
        foreach (var (name, value) in headers ?? []) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body);
    });

    /// <param name="request">Method and path, e.g. <c>GET /v1/grids/prod</c>.</param>
    public void Does(string request, Func<HttpContext, Task> answer)
    {
        lock (gate) answers[request] = answer;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>An authority, and a certificate for 127.0.0.1 that it signed.</summary>
    public static (string Ca, X509Certificate2 Server) NewAuthority(DateTimeOffset now)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ca = new CertificateRequest("CN=Kontena Master CA", caKey, HashAlgorithmName.SHA256);
        ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = ca.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(authority, now.AddHours(-1), now.AddHours(1), [1, 2, 3, 4]);
        using var whole = bare.CopyWithPrivateKey(key);
        return (authority.ExportCertificatePem(), X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var request = new StandRequest($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}", http.Request.Headers.Authorization, await reader.ReadToEndAsync());
        Func<HttpContext, Task>? answer;
        lock (gate)
        {
            requests.Add(request);
            answer = answers.GetValueOrDefault(request.Line);
        }
        if (answer is not null)
        {
            await answer(http);
            return;
        }
        http.Response.StatusCode = 404;
        http.Response.Headers["X-Kontena-Version"] = Version;
        await http.Response.WriteAsync("""{"error":"Not found"}""");
    }
}

/// <param name="Line">Method and path.</param>
internal sealed record StandRequest(string Line, string? Authorization, string Body);
