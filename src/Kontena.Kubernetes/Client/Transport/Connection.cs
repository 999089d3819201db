using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>The pooled connections made with one client certificate and one set of trusted roots: TLS fixes both when it connects.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>A dead peer is noticed after at most 25 s, also under an idle watch; HTTP/2 only.</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What a server may send ahead of our reading, in bytes. The stack begins with 64 KiB, some twenty objects, and grows it by the delay of the line, which
    /// is next to none on a fast one. A watch that is not read fast enough in a burst of changes is closed by kube-apiserver (cacher: "Forcing
    /// watcher close"). Go's client takes 4 MiB.
    /// </summary>
    private const int SendAhead = 4 * 1024 * 1024;

    private readonly ClientCertificate? certificate;
    private readonly X509Certificate2Collection? roots;

    public Connection(KubeAccess access, KubeClientOptions options, ClientCertificate? certificate, X509Certificate2Collection? roots)
    {
        this.certificate = certificate;
        this.roots = roots;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would carry the token to wherever it points
            UseCookies = false,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true, // one connection carries 100 streams, and every watch holds one
            InitialHttp2StreamWindowSize = SendAhead,
            KeepAlivePingDelay = PingEvery,
            KeepAlivePingTimeout = PingPatience,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            MaxResponseDrainSize = 0, // a disposed watch closes at once instead of being read to its end
            SslOptions = TlsOptions(access.Cluster, certificate, roots),
        };
        if (access.Cluster.ProxyUrl is { Length: > 0 } proxy) handler.Proxy = new WebProxy(proxy);
        else if (access.Server.IsLoopback) handler.UseProxy = false; // as client-go: the environment's proxy cannot reach our loopback
        Http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public HttpClient Http { get; }

    /// <summary>Calls and watches that hold it; guarded by the pool's lock.</summary>
    public int Users { get; set; }

    /// <summary>Set once a newer one has taken its place: the last user disposes it.</summary>
    public bool Retired { get; set; }

    public bool Serves(ClientCertificate? wanted, X509Certificate2Collection? trusted) =>
        ReferenceEquals(certificate, wanted) && ReferenceEquals(roots, trusted);

    public void Dispose() => Http.Dispose();

    private static SslClientAuthenticationOptions TlsOptions(Cluster cluster, ClientCertificate? certificate, X509Certificate2Collection? roots)
    {
        var tls = new SslClientAuthenticationOptions { ClientCertificateContext = certificate?.Context };
        if (cluster.InsecureSkipTlsVerify)
        {
#pragma warning disable CA5359 // The user asked for it in so many words: insecure-skip-tls-verify.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (roots is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // cluster authorities publish no revocation lists
                DisableCertificateDownloads = true,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return tls;
    }
}
