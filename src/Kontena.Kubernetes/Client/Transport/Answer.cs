using System.Net.Http.Headers;
using Kontena.Kubernetes.Client.Auth;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>A response whose head has come, with what has to be given back once its body is read.</summary>
internal sealed class Answer(ApiCall call, Credential credential, HttpResponseMessage response, Connections.Lease lease) : IDisposable
{
    public ApiCall Call => call;

    /// <summary>What the request was signed with, so that it can be kept out of messages.</summary>
    public Credential Credential => credential;

    public int Code => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    public string? MediaType => response.Content.Headers.ContentType?.MediaType;

    public RetryConditionHeaderValue? RetryAfter => response.Headers.RetryAfter;

    /// <summary>JSON as the API sends it. No media type at all passes: it is the body that decides then.</summary>
    public bool IsJson => MediaType is null || MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase);

    public Task<Stream> OpenBodyAsync(CancellationToken ct) => response.Content.ReadAsStreamAsync(ct);

    public void Dispose()
    {
        response.Dispose();
        lease.Dispose();
    }
}
