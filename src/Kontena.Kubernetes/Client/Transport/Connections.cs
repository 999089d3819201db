using Kontena.Kubernetes.Client.Auth;
using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Client.Transport;

/// <summary>
/// The connection of the moment. A renewed client certificate or authority opens a new one for the calls to come; those
/// under way, watches among them, finish on the old one.
/// </summary>
internal sealed class Connections(KubeAccess access, KubeClientOptions options, TimeProvider time) : IDisposable
{
    private readonly TrustedRoots roots = new(PemText.From(access.Cluster.CertificateAuthorityData, access.Cluster.CertificateAuthority, time));
    private readonly Lock gate = new();
    private Connection? current;
    private bool disposed;

    /// <exception cref="KubeFault">The certificate authority cannot be read.</exception>
    public Lease Rent(ClientCertificate? certificate)
    {
        var trusted = roots.Current();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(KubeClient));
            if (current is null || !current.Serves(certificate, trusted))
            {
                Retire_NeedsLock();
                current = new Connection(access, options, certificate, trusted);
            }
            current.Users++;
            return new Lease(this, current);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            Retire_NeedsLock();
        }
    }

    private void Return(Connection connection)
    {
        lock (gate)
        {
            connection.Users--;
            if (connection is { Retired: true, Users: 0 }) connection.Dispose();
        }
    }

    private void Retire_NeedsLock()
    {
        if (current is null) return;
        current.Retired = true;
        if (current.Users == 0) current.Dispose();
        current = null;
    }

    /// <summary>The right to use a connection until disposed.</summary>
    internal sealed class Lease(Connections owner, Connection connection) : IDisposable
    {
        private int returned;

        public HttpClient Http => connection.Http;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0) owner.Return(connection);
        }
    }
}
