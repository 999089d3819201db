using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Config;
using Microsoft.Extensions.Logging;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>Sends calls: credentials, deadline, one more try with fresh credentials after a 401, and faults instead of the HTTP stack's exceptions.</summary>
internal sealed class Exchange(KubeAccess access, KubeClientOptions options, ICredentialSource credentials, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    private readonly Connections connections = new(access, options, time);
    private readonly WarningHeaders warnings = new(options.Warned, log);

    /// <summary>Sends, reads the body with <paramref name="read"/>, gives everything back. The deadline covers both.</summary>
    public Task<TResult> CallAsync<TResult>(ApiCall call, Func<Answer, CancellationToken, Task<TResult>> read, CancellationToken ct) =>
        SignedAsync(call, credential => AttemptAsync(call, credential, async (answer, token) =>
        {
            using (answer) return await read(answer, token);
        }, ct), ct);

    /// <summary>Sends and returns with the head of the answer; the deadline covers no more than that, and the caller disposes the answer.</summary>
    public Task<Answer> OpenAsync(ApiCall call, CancellationToken ct) =>
        SignedAsync(call, credential => AttemptAsync(call, credential, (answer, _) => Task.FromResult(answer), ct), ct);

    public void Dispose()
    {
        connections.Dispose();
        credentials.Dispose();
    }

    private async Task<TResult> SignedAsync<TResult>(ApiCall call, Func<Credential, Task<TResult>> attempt, CancellationToken ct)
    {
        var credential = await credentials.GetAsync(ct);
        try
        {
            return await attempt(credential);
        }
        catch (KubeFault refused) when (refused.Reason == FaultReason.Unauthorized)
        {
            if (await credentials.RefreshAsync(credential, ct) is not { } fresh) throw;
            log.LogDebug("{Call} was answered 401; trying once more with fresh credentials", call.What);
            credential = fresh;
        }
        return await attempt(credential);
    }

    private async Task<TResult> AttemptAsync<TResult>(ApiCall call, Credential credential, Func<Answer, CancellationToken, Task<TResult>> read, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var request = Request(call, credential);
        try
        {
            return await read(await SendAsync(call, credential, request, limit.Token), limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            var problem = deadline.IsCancellationRequested ? $"no answer within {options.Timeout.TotalSeconds} s" : "connecting took too long";
            throw Faults.Unreachable(call, problem, WasSent(request), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Faults.Unreachable(call, Problem(e), WasSent(request), e);
        }
    }

    private async Task<Answer> SendAsync(ApiCall call, Credential credential, HttpRequestMessage request, CancellationToken ct)
    {
        var lease = connections.Rent(credential.Certificate);
        HttpResponseMessage response;
        try
        {
            response = await lease.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch
        {
            ClientMetrics.Count(call, "none");
            lease.Dispose();
            throw;
        }
        ClientMetrics.Count(call, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        var answer = new Answer(call, credential, response, lease);
        warnings.Tell(response);
        if (answer.IsSuccess) return answer;
        using (answer) throw await Faults.FromAnswerAsync(answer, time, ct);
    }

    private HttpRequestMessage Request(ApiCall call, Credential credential)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(access.Server, call.Uri))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = call.Body is { } body ? new WriteBody(body, call.MediaType) : null,
        };
        request.Headers.Accept.Add(Json);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        // The HTTP stack takes the TLS name from the Host header; there is no other way to it that works through a proxy too.
        if (access.Cluster.TlsServerName is { Length: > 0 } name) request.Headers.Host = name;
        if (credential.Token is { } token) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        Impersonate(request.Headers);
        return request;
    }

    private void Impersonate(HttpRequestHeaders headers)
    {
        if (access.User.ImpersonateUser is not { } user) return;
        headers.TryAddWithoutValidation("Impersonate-User", user);
        if (access.User.ImpersonateUid is { } uid) headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        foreach (var group in access.User.ImpersonateGroups) headers.TryAddWithoutValidation("Impersonate-Group", group);
    }

    private static bool WasSent(HttpRequestMessage request) => request.Content is WriteBody { WasSent: true };

    private static string Problem(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the server's name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection could be made",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection could be made",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refused the connection",
        _ => "the connection broke",
    };
}
