using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kontena.Kubernetes.Client.Auth;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>The authorities that may vouch for the server. From a file they are read again, so that a rotation needs no restart.</summary>
internal sealed class TrustedRoots(PemText? pem)
{
    private readonly Lock gate = new();
    private string? read;
    private X509Certificate2Collection? roots;

    /// <summary>Null trusts what the system trusts. The same instance as long as nothing changed.</summary>
    /// <exception cref="KubeFault">They never could be read.</exception>
    public X509Certificate2Collection? Current()
    {
        if (pem is null) return null;
        lock (gate)
        {
            try
            {
                var text = pem.Read();
                if (text == read) return roots;
                var bundle = new X509Certificate2Collection();
                bundle.ImportFromPem(text);
                if (bundle.Count == 0) throw new CryptographicException("no certificate");
                (read, roots) = (text, bundle);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // Half of a rotation must not cut off a client that still has good roots.
                if (roots is null) throw new KubeFault(FaultReason.Unreachable, $"The certificate authority in {pem} cannot be used ({e.GetType().Name})");
            }
            return roots;
        }
    }
}
