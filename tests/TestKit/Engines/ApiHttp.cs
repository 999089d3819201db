using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Kontena.TestKit.Engines;

/// <summary>
/// Plain HTTP to an API server. Deliberately not Kontena.Kubernetes' client: this is what that client, and the servers, are measured with.
/// </summary>
public sealed class ApiHttp : IDisposable
{
    private readonly HttpClient http;

    public ApiHttp(ClusterAccess access)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.Add(access.CertificateAuthority);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        };
        http = new HttpClient(handler) { BaseAddress = access.Server, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access.Token);
    }

    public Task<ApiAnswer> GetAsync(string path, CancellationToken ct) =>
        SendAsync(HttpMethod.Get, path, body: null, "application/json", ct);

    /// <summary>Sends one request and reads the answer to its end; any status code is an answer, not an exception.</summary>
    public Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, string contentType, CancellationToken ct) =>
        SendTextAsync(method, path, body?.ToJsonString(), contentType, "application/json", ct);

    /// <summary>The same with a body that need not be JSON, sent as it is, and an Accept header of the caller's.</summary>
    public async Task<ApiAnswer> SendTextAsync(HttpMethod method, string path, string? body, string contentType, string accept, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd(accept);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        using var response = await http.SendAsync(request, ct);
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToArray() : [];
        return new ApiAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "",
            await response.Content.ReadAsStringAsync(ct),
            warnings);
    }

    /// <summary>Opens a watch; the answer's code is known before any event came. The caller disposes it.</summary>
    public Task<ApiWatch> WatchAsync(string path, CancellationToken ct) => WatchAsync(path, "application/json", ct);

    public async Task<ApiWatch> WatchAsync(string path, string accept, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        return new ApiWatch(response, new StreamReader(await response.Content.ReadAsStreamAsync(ct)));
    }

    public void Dispose() => http.Dispose();
}
