using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kontena.Kubernetes.Tests.Client;

/// <summary>An authority made for one test, and what it signs.</summary>
internal sealed class TestCertificates
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2049, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 authority;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=authority {Guid.NewGuid()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority = request.CreateSelfSigned(From, To);
    }

    public string AuthorityPem => authority.ExportCertificatePem();

    public string AuthorityData => Convert.ToBase64String(Encoding.UTF8.GetBytes(AuthorityPem));

    /// <summary>A server's certificate for 127.0.0.1, or for one DNS name only.</summary>
    public X509Certificate2 Server(string? dnsName = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is null) names.AddIpAddress(IPAddress.Loopback);
        else names.AddDnsName(dnsName);
        var (certificate, key) = Sign("CN=server", names.Build());
        using (key)
        using (certificate)
        using (var both = certificate.CopyWithPrivateKey(key))
            return X509CertificateLoader.LoadPkcs12(both.Export(X509ContentType.Pfx), null);
    }

    public (string Certificate, string Key) Client(string name)
    {
        var (certificate, key) = Sign($"CN={name}", null);
        using (key)
        using (certificate)
            return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private (X509Certificate2 Certificate, ECDsa Key) Sign(string subject, X509Extension? names)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names is not null) request.CertificateExtensions.Add(names);
        return (request.Create(authority, From, To, RandomNumberGenerator.GetBytes(8)), key);
    }
}
