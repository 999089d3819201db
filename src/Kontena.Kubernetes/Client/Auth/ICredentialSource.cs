namespace Kontena.Kubernetes.Client.Auth;

/// <summary>Where a client gets what proves who it is. Safe for use by many calls at once.</summary>
internal interface ICredentialSource : IDisposable
{
    /// <summary>The credential to use now.</summary>
    /// <exception cref="KubeFault">None can be had; nothing was sent to the API server.</exception>
    ValueTask<Credential> GetAsync(CancellationToken ct);

    /// <summary>
    /// After a 401 for <paramref name="refused"/>: another credential to try, or null where this source has no other.
    /// Many calls refused at once cause one refresh.
    /// </summary>
    /// <exception cref="KubeFault">The source failed.</exception>
    ValueTask<Credential?> RefreshAsync(Credential refused, CancellationToken ct);
}
