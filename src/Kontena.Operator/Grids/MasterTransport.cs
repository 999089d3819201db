using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kontena.Operator.Core.Grids;
using Polly;
using Polly.Retry;

namespace Kontena.Operator.Grids;

/// <summary>
/// Requests to one Master and their answers: one pool of connections with the authority that the Grid names. No exception of the HTTP
/// stack leaves here, as it may quote what a server sent: they become <see cref="MasterException"/>s in our own words.
/// </summary>
internal sealed class MasterTransport : IDisposable
{
    /// <summary>A listing of 254 nodes has half a megabyte.</summary>
    private const int LargestAnswer = 64 * 1024 * 1024;

    private const int LargestError = 64 * 1024;

    private static readonly MediaTypeHeaderValue json = new("application/json");

    private readonly MasterEndpoint endpoint;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly ResiliencePipeline<MasterTry> reads;

    /// <exception cref="System.Security.Cryptography.CryptographicException">The CA is no PEM.</exception>
    public MasterTransport(MasterEndpoint endpoint, TimeProvider time)
    {
        (this.endpoint, this.time) = (endpoint, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would carry the token to wherever it points
            UseCookies = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10), // a Master that moves is looked up again
            MaxConnectionsPerServer = 8,
            SslOptions = TlsOptions(endpoint.Ca),
        };
        if (endpoint.Url.IsLoopback) handler.UseProxy = false; // the environment's proxy cannot reach our loopback
        http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        reads = new ResiliencePipelineBuilder<MasterTry> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<MasterTry>
            {
                // At once, and once: a pooled connection that the Master has closed is opened anew. Everything else comes again with the next poll.
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = new PredicateBuilder<MasterTry>().HandleResult(t => t.MayRepeat),
            })
            .Build();
    }

    /// <summary>Any answer, whatever its status.</summary>
    /// <exception cref="MasterException">There was none: Unreachable, Untrusted, or NotAMaster where it was too large.</exception>
    public async Task<MasterAnswer> SendAsync(MasterCall call, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        var outcome = call.Writes ? await TryAsync(call, ct) : await reads.ExecuteAsync(async t => await TryAsync(call, t), ct);
        MasterMetrics.Record(call.Operation, outcome.Fault?.Fault.ToString() ?? MasterMetrics.OutcomeOf(outcome.Answer!.Status), time.GetElapsedTime(begun));
        return outcome.Answer ?? throw outcome.Fault!;
    }

    public void Dispose() => http.Dispose();

    private async Task<MasterTry> TryAsync(MasterCall call, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(call.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return new MasterTry(await ExchangeAsync(call, either.Token), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new MasterTry(null, NoAnswer(call, $"did not answer within {call.Patience.TotalSeconds:0} seconds", mayHaveArrived: true));
        }
        catch (MasterException fault)
        {
            return new MasterTry(null, fault);
        }
        catch (HttpRequestException fault)
        {
            return Broken(call, fault);
        }
        catch (IOException)
        {
            return new MasterTry(null, NoAnswer(call, "broke off in the middle of its answer", mayHaveArrived: true)) { MayRepeat = true };
        }
    }

    private async Task<MasterAnswer> ExchangeAsync(MasterCall call, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(call.Method, new Uri(endpoint.Url.AbsoluteUri.TrimEnd('/') + call.Path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (!call.Anonymous) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", endpoint.Token.Reveal());
        if (call.Body is { } body) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = json } };
        var asked = time.GetUtcNow();
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        var answered = time.GetUtcNow();
        var content = await ReadAsync(call, response, ct);
        return new MasterAnswer(response.StatusCode, content)
        {
            Version = response.Headers.TryGetValues("X-Kontena-Version", out var version) ? version.FirstOrDefault() : null,
            Date = response.Headers.Date,
            RetryAfter = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - answered : null,
            AskedAt = asked,
            AnsweredAt = answered,
        };
    }

    private async Task<byte[]> ReadAsync(MasterCall call, HttpResponseMessage response, CancellationToken ct)
    {
        var limit = response.IsSuccessStatusCode ? LargestAnswer : LargestError;
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var all = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(chunk, ct)) > 0;)
        {
            if (all.Length + read > limit)
                throw new MasterException(MasterFault.NotAMaster, $"{call.What}: {endpoint.Place} answers with more than {limit / 1024} KiB, as no Kontena Master does.") { OutcomeUnknown = call.Writes };
            all.Write(chunk, 0, read);
        }
        return all.ToArray();
    }

    private MasterTry Broken(MasterCall call, HttpRequestException fault)
    {
        // .NET has one exception for a certificate that it does not like and for a handshake that went wrong; only the first speaks of the certificate.
        if (fault.InnerException is AuthenticationException verdict && verdict.Message.Contains("remote certificate", StringComparison.OrdinalIgnoreCase)) return new MasterTry(null, Untrusted(call, verdict));
        return fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new MasterTry(null, NoAnswer(call, "has a name that cannot be resolved", mayHaveArrived: false)),
            HttpRequestError.ConnectionError => new MasterTry(null, NoAnswer(call, "does not accept connections", mayHaveArrived: false)),
            HttpRequestError.SecureConnectionError => new MasterTry(null, NoAnswer(call, "does not speak TLS there, or broke it off", mayHaveArrived: false)),
            HttpRequestError.ProxyTunnelError => new MasterTry(null, NoAnswer(call, "cannot be reached through the proxy", mayHaveArrived: false)),
            _ => new MasterTry(null, NoAnswer(call, "broke off the connection", mayHaveArrived: true)) { MayRepeat = true },
        };
    }

    private MasterException NoAnswer(MasterCall call, string what, bool mayHaveArrived) =>
        new(MasterFault.Unreachable, $"{call.What}: the Master at {endpoint.Place} {what}.") { OutcomeUnknown = call.Writes && mayHaveArrived };

    private MasterException Untrusted(MasterCall call, AuthenticationException verdict)
    {
        var why = verdict.Message.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal)
            ? $"is not made out for {endpoint.Url.Host}"
            : endpoint.Ca is null ? "is signed by no authority that this system trusts" : "is not signed by the authority that caRef names, or is out of date";
        return new MasterException(MasterFault.Untrusted, $"{call.What}: the certificate of the Master at {endpoint.Place} {why}. Put its authority into a Secret and name that in spec.master.caRef, or correct spec.master.url.");
    }

    private static SslClientAuthenticationOptions TlsOptions(string? ca)
    {
        var tls = new SslClientAuthenticationOptions();
        if (ca is null) return tls;
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // Masters make their own authorities, which publish no revocation lists
            DisableCertificateDownloads = true,
        };
        tls.CertificateChainPolicy.CustomTrustStore.ImportFromPem(ca);
        return tls;
    }

    private sealed record MasterTry(MasterAnswer? Answer, MasterException? Fault)
    {
        /// <summary>It failed so soon and in such a way that another connection may do.</summary>
        public bool MayRepeat { get; init; }
    }
}
