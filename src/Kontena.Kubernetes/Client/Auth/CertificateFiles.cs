using System.Security.Cryptography;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>A client certificate and its key in PEM, each in a file or in the configuration itself. Files are read again, so that a renewed pair is taken.</summary>
internal sealed class CertificateFiles(PemText certificate, PemText key) : ICredentialSource
{
    private readonly Lock gate = new();
    private (string Certificate, string Key, Credential Credential)? current;

    public ValueTask<Credential> GetAsync(CancellationToken ct) => ValueTask.FromResult(Read(now: false));

    public ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct)
    {
        lock (gate)
        {
            if (current is { } held && !ReferenceEquals(held.Credential, refused)) return ValueTask.FromResult<Credential?>(held.Credential);
        }
        var fresh = Read(now: true);
        return ValueTask.FromResult(ReferenceEquals(fresh, refused) ? null : fresh);
    }

    public void Dispose() { }

    private Credential Read(bool now)
    {
        lock (gate)
        {
            try
            {
                var (certificatePem, keyPem) = (certificate.Read(now), key.Read(now));
                if (current is { } held && held.Certificate == certificatePem && held.Key == keyPem) return held.Credential;
                var credential = new Credential(null, ClientCertificate.FromPem(certificatePem, keyPem));
                current = (certificatePem, keyPem, credential);
                return credential;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                // Certificate and key are two files: between their two replacements they do not match, and the old pair still serves.
                if (current is { } held) return held.Credential;
                throw new KubeFault(FaultReason.Unauthorized,
                    $"The client certificate in {certificate} with the key in {key} cannot be used ({e.GetType().Name})");
            }
        }
    }
}
