using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kontena.Operator.Grids;

/// <summary>Certificates as text.</summary>
internal static class Pem
{
    /// <summary>The certificates alone: a private key that stands beside them must not go to machines.</summary>
    /// <returns>Null where there is no readable one.</returns>
    public static string? CertificatesIn(string? text)
    {
        if (text is null) return null;
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
            return certificates.Count == 0 ? null : certificates.ExportCertificatePems() + "\n";
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }
}
