using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kontena.TestKit.Secrets;

namespace Kontena.TestKit.Engines;

/// <summary>
/// Everything an API server needs to know who is who, written into one folder that only this user can read: a CA and the serving
/// certificate, the front proxy's CA and certificate (for aggregation), the ServiceAccount key pair, and static tokens.
/// </summary>
internal sealed class ServerCredentials
{
    /// <summary>Name of the user that the tests are.</summary>
    public const string Admin = "admin";

    private readonly string folder;

    private ServerCredentials(string folder, string caPem, string adminToken)
    {
        this.folder = folder;
        CaPem = caPem;
        AdminToken = adminToken;
    }

    public string CaPem { get; }

    public string AdminToken { get; }

    public string this[string file] => Path.Combine(folder, file);

    public static ServerCredentials Create(string folder)
    {
        var ca = new Authority("kontena-test-ca");
        var proxyCa = new Authority("kontena-test-front-proxy-ca");
        Write("ca.crt", ca.Pem);
        Write("proxy-ca.crt", proxyCa.Pem);
        var (serving, servingKey) = ca.Issue("kube-apiserver", "1.3.6.1.5.5.7.3.1");
        Write("server.crt", serving);
        Write("server.key", servingKey);
        var (proxy, proxyKey) = proxyCa.Issue("front-proxy", "1.3.6.1.5.5.7.3.2");
        Write("proxy.crt", proxy);
        Write("proxy.key", proxyKey);
        using var accounts = RSA.Create(2048);
        Write("sa.key", accounts.ExportRSAPrivateKeyPem());
        Write("sa.pub", accounts.ExportSubjectPublicKeyInfoPem());
        var (admin, developer) = (NewToken(), NewToken());
        Canary.Register("the administrator's token", admin);
        Canary.Register("the developer's token", developer);
        Write("tokens.csv", $"{admin},{Admin},admin-uid,\"system:masters\"\n{developer},developer,developer-uid,\"developers\"\n");
        Write("developer.token", developer);
        return new ServerCredentials(folder, ca.Pem, admin);

        void Write(string file, string text)
        {
            var path = Path.Combine(folder, file);
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Writes <c>kubeconfig</c> (may do everything) and <c>kubeconfig.developer</c> (no rights until bound).</summary>
    public void WriteKubeconfigs(Uri address)
    {
        File.WriteAllText(this["kubeconfig"], Kubeconfig(address, AdminToken));
        File.WriteAllText(this["kubeconfig.developer"], Kubeconfig(address, File.ReadAllText(this["developer.token"])));
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private string Kubeconfig(Uri address, string token) => new ClusterAccess(address, X509Certificate2.CreateFromPem(CaPem), token).KubeconfigText();

    private sealed class Authority
    {
        private readonly X509Certificate2 certificate;

        public Authority(string name)
        {
            var request = Request(name, ECDsa.Create(ECCurve.NamedCurves.nistP256));
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            certificate = request.CreateSelfSigned(Start, Start.AddDays(30));
        }

        public string Pem => certificate.ExportCertificatePem();

        // A clock that a little differs between machines must not make a new certificate "not yet valid".
        private static DateTimeOffset Start => TimeProvider.System.GetUtcNow().AddHours(-1);

        public (string Certificate, string Key) Issue(string name, string usage)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = Request(name, key);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            foreach (var dns in new[] { "localhost", "kubernetes.default.svc", CrdAggregation.ServiceHost }) names.AddDnsName(dns);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
            using var issued = request.Create(certificate, certificate.NotBefore, certificate.NotAfter, RandomNumberGenerator.GetBytes(12));
            return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        }

        private static CertificateRequest Request(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);
    }
}
