using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kontena.Standalone.Certificates;

/// <summary>
/// The server's certificate for 127.0.0.1 and localhost, signed by a CA of this data directory. Made on first start; the
/// server's own is made anew when less than 90 days of it are left at a start, the CA stays, so that kubeconfigs stay good.
/// </summary>
internal static class ServerCertificate
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(90);

    // Apple's verifier refuses server certificates that are valid for more than 825 days, from any CA.
    private static readonly TimeSpan Validity = TimeSpan.FromDays(820);
    private static readonly TimeSpan CaValidity = TimeSpan.FromDays(3650);

    /// <returns>The server's certificate with its key, and the CA's as PEM.</returns>
    public static (X509Certificate2 Certificate, string CaPem) LoadOrCreate(string directory, DateTimeOffset now)
    {
        var (caCertificate, caKey) = (Path.Combine(directory, "ca.crt"), Path.Combine(directory, "ca.key"));
        var (serverCertificate, serverKey) = (Path.Combine(directory, "server.crt"), Path.Combine(directory, "server.key"));
        if (!File.Exists(caCertificate) || !File.Exists(caKey))
        {
            CreateCa(caCertificate, caKey, now);
            File.Delete(serverCertificate);
        }
        if (!File.Exists(serverCertificate) || !File.Exists(serverKey) || Expires(serverCertificate) - now < RenewBefore)
        {
            using var ca = X509Certificate2.CreateFromPemFile(caCertificate, caKey);
            CreateServer(ca, serverCertificate, serverKey, now);
        }
        using var pem = X509Certificate2.CreateFromPemFile(serverCertificate, serverKey);
        // SslStream on Windows needs the key in a store-backed form: the way through PKCS #12 works everywhere.
        return (X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), File.ReadAllText(caCertificate));
    }

    private static DateTimeOffset Expires(string path)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        return certificate.NotAfter;
    }

    private static void CreateCa(string certificatePath, string keyPath, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kontena-standalone-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now + CaValidity);
        PrivateFiles.Write(keyPath, key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.Write(certificatePath, certificate.ExportCertificatePem());
    }

    private static void CreateServer(X509Certificate2 ca, string certificatePath, string keyPath, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kontena-standalone", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, true, false));
        var until = now + Validity;
        using var certificate = request.Create(ca, now.AddHours(-1), until < ca.NotAfter ? until : ca.NotAfter, RandomNumberGenerator.GetBytes(16));
        PrivateFiles.Write(keyPath, key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.Write(certificatePath, certificate.ExportCertificatePem());
    }
}
